package dev.fanfare.dispatcher.delivery.offset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffsetBitmapTest {
  @ParameterizedTest
  @CsvSource({"1,1", "100,0.5", "20000,0.5", "150000,0.999", "150000,0.001", "1000000,0.9999"})
  void comesBackAsItWent(int span, double density) {
    var bits = bits(span, density);

    var text = OffsetBitmap.encode(bits);

    assertThat(text.length()).isBetween(1, OffsetBitmap.LONGEST);
    assertThat(OffsetBitmap.decode(text)).isEqualTo(bits);
  }

  @Test
  void isEmptyForNothing() {
    assertThat(OffsetBitmap.encode(new BitSet())).isEmpty();
    assertThat(OffsetBitmap.decode("")).isEqualTo(new BitSet());
  }

  @Test
  void isEmptyWhereItDoesNotFit() {
    assertThat(OffsetBitmap.encode(bits(100_000, 0.5))).isEmpty();
  }

  private static BitSet bits(int span, double density) {
    var random = new Random(span);
    var bits = new BitSet();
    for (int i = 0; i < span; i++) {
      bits.set(i, random.nextDouble() < density);
    }
    bits.set(span - 1);
    return bits;
  }
}
