package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.WireReader;
import dev.fanfare.dispatcher.log.entry.WireWriter;
import java.util.Set;
import java.util.TreeSet;

/// A question to a peer, and the partitions that it is asked for.
record Asked(Question question, Set<Integer> partitions) {
  static byte[] write(Question question, Set<Integer> partitions) {
    var out = new WireWriter().number(partitions.size());
    partitions.forEach(out::number);
    return out.block(Question.write(question)).toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that [#write] makes
  static Asked read(byte[] bytes) {
    var in = new WireReader(bytes);
    var partitions = new TreeSet<Integer>();
    for (int left = in.count(); left > 0; left--) {
      partitions.add((int) in.number());
    }
    return new Asked(Question.read(in.block()), partitions);
  }
}
