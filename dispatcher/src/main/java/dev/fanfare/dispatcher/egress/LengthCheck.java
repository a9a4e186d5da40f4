package dev.fanfare.dispatcher.egress;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;

/// Refuses an answer whose `Content-Length` is none, before anybody reads by it.
///
/// The client takes a number below 0 at its word: it fails with an `IllegalArgumentException` as
/// soon as the body is read, and again when it is closed, so that the connection stays in its pool
/// for good. What is thrown from here gives the connection up. RFC 9112, 6.3 wants the same: an
/// answer with an invalid length is no answer.
final class LengthCheck implements Interceptor {
  /// The answer's length is no length. Not a `ProtocolException`, after which a head would do.
  static final class InvalidLength extends IOException {
    private static final long serialVersionUID = 1;

    InvalidLength() {
      super("Content-Length is not a length");
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    var answer = chain.proceed(chain.request());
    if (answer.protocol() != Protocol.HTTP_2 && answer.header("transfer-encoding") == null) {
      for (var length : answer.headers().values("content-length")) {
        if (!isLength(length)) {
          throw new InvalidLength();
        }
      }
    }
    return answer;
  }

  private static boolean isLength(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
