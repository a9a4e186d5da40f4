package dev.fanfare.dispatcher.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a secret belongs. What was sealed for one place opens at no other, so nobody who can write
/// to Kafka can have one tenant's secret used for another's, or sent elsewhere.
///
/// @param parts from the outside in: what it is, whose, of which thing, for which use
public record Place(List<String> parts) {
  private static final byte[] VERSION = "fanfare 1".getBytes(UTF_8);

  public Place {
    parts = List.copyOf(parts);
  }

  public static Place of(String... parts) {
    return new Place(Arrays.asList(parts));
  }

  /// One place, one sequence of bytes: each part after its length.
  byte[] bytes() {
    var encoded = new ArrayList<byte[]>();
    encoded.add(VERSION);
    parts.forEach(part -> encoded.add(part.getBytes(UTF_8)));
    var all =
        ByteBuffer.allocate(encoded.stream().mapToInt(each -> Integer.BYTES + each.length).sum());
    encoded.forEach(each -> all.putInt(each.length).put(each));
    return all.array();
  }
}
