package dev.fanfare.dispatcher.egress;

import java.io.IOException;
import java.nio.ByteBuffer;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// A payload that is written once: the client must not send it again on its own, which it would
/// when a kept connection dies before the answer, although the server may have processed it.
final class OneShotBody extends RequestBody {
  private final ByteBuffer bytes;

  OneShotBody(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /// None: the field is set as given, and the client would write it its own way.
  @Override
  public @Nullable MediaType contentType() {
    return null;
  }

  @Override
  public long contentLength() {
    return bytes.remaining();
  }

  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    var rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      sink.write(rest);
    }
  }
}
