package dev.fanfare.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WellFormedTest {
  @Test
  void goodTextIsLeftAsItIs() {
    for (var text : new String[] {"", "plain", "Tomás 🙁 漢字", "\u0000\u2028\uFFFF"}) {
      assertThat(WellFormed.text(text)).isSameAs(text);
    }
  }

  @Test
  void halfAPairBecomesTheReplacementCharacter() {
    assertBecomes("\ud800", "\ufffd");
    assertBecomes("a\udc00b", "a\ufffdb");
    assertBecomes("\udc00\ud800", "\ufffd\ufffd");
    assertBecomes("\ud83d\ud83d\ude41", "\ufffd\ud83d\ude41");
    assertBecomes("\ud83d\ude41\ud83d", "\ud83d\ude41\ufffd");
  }

  private static void assertBecomes(String given, String expected) {
    var text = WellFormed.text(given);

    assertThat(text).isEqualTo(expected);
    assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
  }
}
