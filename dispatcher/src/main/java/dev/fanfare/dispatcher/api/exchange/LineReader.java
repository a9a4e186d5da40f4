package dev.fanfare.dispatcher.api.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Content that is read line by line, however long it is: no more of it is in memory than one line
/// and one buffer. A line that is longer than allowed is passed over and told.
///
/// Blank lines count, and are left out.
public final class LineReader {
  private static final int BUFFER = 64 << 10;

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int until;
  private long number;

  /// One line, without its end.
  ///
  /// @param number counted from 1
  public record Line(long number, Text text) {}

  /// What stands in a line.
  public sealed interface Text {
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Whole(byte[] utf8) implements Text {}

    record TooLong() implements Text {}
  }

  /// @param longest most bytes of a line
  public LineReader(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /// The next line that is not blank; empty at the end.
  ///
  /// @throws ApiProblem 400 if the content ends before it is whole
  public Optional<Line> next() {
    while (true) {
      var line = readLine();
      if (line.isEmpty()) {
        return Optional.empty();
      }
      number++;
      if (!(line.get() instanceof Text.Whole(var utf8)) || !isBlank(utf8)) {
        return Optional.of(new Line(number, line.get()));
      }
    }
  }

  private Optional<Text> readLine() {
    var line = new ByteArrayOutputStream(256);
    boolean tooLong = false;
    boolean any = false;
    while (from < until || fill()) {
      any = true;
      int end = from;
      while (end < until && buffer[end] != '\n') {
        end++;
      }
      tooLong |= line.size() + (end - from) > longest + 1; // a carriage return may be among them
      if (!tooLong) {
        line.write(buffer, from, end - from);
      }
      boolean ended = end < until;
      from = ended ? end + 1 : end;
      if (ended) {
        break;
      }
    }
    if (!any) {
      return Optional.empty();
    }
    var text = withoutReturn(line.toByteArray());
    return Optional.of(
        tooLong || text.length > longest ? new Text.TooLong() : new Text.Whole(text));
  }

  private boolean fill() {
    from = 0;
    until = 0;
    try {
      int read = in.read(buffer, 0, BUFFER);
      until = Math.max(0, read);
      return read > 0;
    } catch (ApiProblem e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Broken off, too slow, or broken chunks: the server tells them by exceptions of all kinds.
      throw new ApiProblem(Problem.unreadable());
    }
  }

  private static byte[] withoutReturn(byte[] line) {
    boolean returned = line.length > 0 && line[line.length - 1] == '\r';
    return returned ? Arrays.copyOf(line, line.length - 1) : line;
  }

  private static boolean isBlank(byte[] line) {
    for (byte each : line) {
      if (each != ' ' && each != '\t') {
        return false;
      }
    }
    return true;
  }
}
