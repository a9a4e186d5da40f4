package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/// The place in a list where the next page starts. Opaque to clients; holds no secret.
public final class Cursor {
  private static final int LONGEST = 512;

  private Cursor() {}

  /// @param last what the list is ordered by, of the last item shown
  public static String after(String last) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(UTF_8));
  }

  /// @throws ApiProblem 400 if the text is no cursor
  public static String read(String cursor) {
    if (cursor.length() <= LONGEST) {
      try {
        return new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
      } catch (IllegalArgumentException e) {
        // Said below.
      }
    }
    throw none();
  }

  /// @param place what the text stands for; empty if for nothing
  /// @throws ApiProblem 400 if the text is no cursor
  public static <T> T read(String cursor, Function<String, Optional<T>> place) {
    return place.apply(read(cursor)).orElseThrow(Cursor::none);
  }

  private static ApiProblem none() {
    return new ApiProblem(
        Problem.malformed("the cursor is none; pass next_cursor of the page before as it is"));
  }
}
