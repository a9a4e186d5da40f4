package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.WireReader;
import dev.fanfare.dispatcher.log.entry.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One partition's part of an answer.
///
/// @param stoppedAt how far it has looked, when it has not looked through everything
/// @param current whether the instance that tells it kept the partition up to date before and after
///   it looked, and had read by then what was there when that began. Without it something may be
///   lacking, as in a copy
record Part(int partition, List<Row> rows, Optional<Position> stoppedAt, boolean current) {
  Part {
    rows = List.copyOf(rows);
  }

  /// As read from stores of which nothing is known.
  Part(int partition, List<Row> rows, Optional<Position> stoppedAt) {
    this(partition, rows, stoppedAt, false);
  }

  Part asCurrent() {
    return new Part(partition, rows, stoppedAt, true);
  }

  static byte[] write(List<Part> parts) {
    var out = new WireWriter().number(parts.size());
    for (var part : parts) {
      out.number(part.partition)
          .flag(part.current)
          .flag(part.stoppedAt.isPresent())
          .number(part.stoppedAt.map(Position::at).orElse(0L))
          .text(part.stoppedAt.map(Position::id).orElse(""))
          .number(part.rows.size());
      for (var row : part.rows) {
        out.one(row.kind()).number(row.at()).block(row.value());
      }
    }
    return out.toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that [#write] makes
  static List<Part> read(byte[] bytes) {
    var in = new WireReader(bytes);
    var parts = new ArrayList<Part>();
    for (int left = in.count(); left > 0; left--) {
      int partition = (int) in.number();
      boolean current = in.flag();
      boolean stopped = in.flag();
      var at = new Position(in.number(), in.text());
      var rows = new ArrayList<Row>();
      for (int more = in.count(); more > 0; more--) {
        rows.add(new Row(in.one(), in.number(), in.block()));
      }
      parts.add(new Part(partition, rows, stopped ? Optional.of(at) : Optional.empty(), current));
    }
    return parts;
  }
}
