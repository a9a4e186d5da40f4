package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.api.exchange.LineReader.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
  private static final int LONGEST = 10;

  private static List<String> read(InputStream in) {
    var reader = new LineReader(in, LONGEST);
    var found = new ArrayList<String>();
    for (var line = reader.next(); line.isPresent(); line = reader.next()) {
      found.add(
          line.get().number()
              + switch (line.get().text()) {
                case Text.Whole(var utf8) -> ":" + new String(utf8, UTF_8);
                case Text.TooLong() -> " too long";
              });
    }
    return found;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void readsLinesHoweverTheyEnd() {
    assertThat(read(bytes("a\nb\r\nc"))).containsExactly("1:a", "2:b", "3:c");
    assertThat(read(bytes("a\n"))).containsExactly("1:a");
    assertThat(read(bytes(""))).isEmpty();
  }

  @Test
  void blankLinesCountAndAreLeftOut() {
    assertThat(read(bytes("\n  \n\ta\n\r\n\nb"))).containsExactly("3:\ta", "6:b");
  }

  @Test
  void aLongLineIsPassedOver() {
    assertThat(read(bytes("0123456789\n01234567890\n0123456789\r\n" + "x".repeat(300_000) + "\nb")))
        .containsExactly("1:0123456789", "2 too long", "3:0123456789", "4 too long", "5:b");
  }

  /// Whatever the pieces in which it comes.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void thePiecesDoNotMatter(int seed) {
    var dice = new Random(seed);
    var text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append("x".repeat(dice.nextInt(13))).append(dice.nextInt(5) == 0 ? "\r\n" : "\n");
    }
    var whole = text.toString().getBytes(UTF_8);
    var pieces =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return at < whole.length ? whole[at++] : -1;
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            int piece = Math.min(Math.min(length, 1 + dice.nextInt(20)), whole.length - at);
            if (piece <= 0) {
              return -1;
            }
            System.arraycopy(whole, at, into, offset, piece);
            at += piece;
            return piece;
          }
        };

    assertThat(read(pieces)).isEqualTo(read(new ByteArrayInputStream(whole)));
  }

  @Test
  void aLineThatBreaksOffIsNoLine() throws IOException {
    var broken = InputStream.nullInputStream();
    broken.close();
    var reader = new LineReader(new SequenceInputStream(bytes("a\n{\"half\":1"), broken), LONGEST);

    assertThat(reader.next()).isPresent();
    assertThatThrownBy(reader::next)
        .isInstanceOfSatisfying(
            ApiProblem.class, e -> assertThat(e.problem().status()).isEqualTo(400));
  }
}
