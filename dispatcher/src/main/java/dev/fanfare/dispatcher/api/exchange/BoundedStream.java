package dev.fanfare.dispatcher.api.exchange;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Content that ends with a problem when it is longer than allowed.
final class BoundedStream extends FilterInputStream {
  private final long most;
  private long read;

  BoundedStream(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int got = in.read(into, offset, length);
    read += Math.max(0, got);
    if (read > most) {
      throw new ApiProblem(Problem.tooLarge("a stream has at most " + most + " bytes"));
    }
    return got;
  }
}
