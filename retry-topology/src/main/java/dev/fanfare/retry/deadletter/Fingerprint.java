package dev.fanfare.retry.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.avro.DeadLetter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an endpoint's last answer looks like, in sixteen hexadecimal digits: two dead letters with
/// the same one most likely died of the same fault. Made of the status, the class of the error and
/// the beginning of the body, in which everything that differs from answer to answer stands as `#`:
///
/// ```
/// {"error": "db down", "request_id": "req_8f2c", "at": "2026-11-24T06:14:14Z"}
/// {"error": "db down", "request_id": "req_#", "at": "#"}
/// ```
///
/// Words that hold a digit count as ids; an id of letters only can't be told from a word and makes
/// a fingerprint of its own. Stable over versions: what is stored as a filter must find the same
/// dead letters after an upgrade.
public record Fingerprint(String value) {
  private static final int BYTES = 8;
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  /// More is read than is used, since normalised text is the shorter.
  private static final int READ = 2_048;

  private static final int USED = 256;
  private static final String MONTH =
      "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}";
  private static final String DAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?";
  private static final Pattern VARYING =
      Pattern.compile(
          String.join(
              "|",
              // uuid
              "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
              // 2026-11-24T06:14:14.123+01:00, with anything from the time on left out
              "\\d{4}-\\d\\d-\\d\\d(?:[t ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?(?:z|[+-]\\d\\d:?\\d\\d)?)?",
              // Tue, 24 Nov 2026, and Nov 24, with the day of the week before either
              DAY + "\\b\\d{1,2}[ -]" + MONTH + "[ -]\\d{2,4}",
              DAY + "\\b" + MONTH + " \\d{1,2}\\b",
              // a word that holds a digit
              "[a-z]*\\d[a-z\\d]*",
              // hexadecimal by chance without a digit
              "\\b[a-f]{12,}\\b"));
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /// @throws IllegalArgumentException if the value is not 16 hexadecimal digits in lower case
  public Fingerprint {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a fingerprint is 16 digits of 0-9 a-f");
    }
  }

  public static Fingerprint of(DeadLetter deadLetter) {
    return of(
        Optional.ofNullable(deadLetter.getStatus()),
        Optional.ofNullable(deadLetter.getError()),
        Optional.ofNullable(deadLetter.getResponseBody()));
  }

  /// @param status HTTP status; empty when no answer came
  /// @param error class of the error; empty when an answer came
  /// @param body the answer's body or its beginning; not consumed
  public static Fingerprint of(
      Optional<Integer> status, Optional<String> error, Optional<ByteBuffer> body) {
    var text =
        status.map(String::valueOf).orElse("-")
            + "\n"
            + error.orElse("-")
            + "\n"
            + body.map(Fingerprint::normalised).orElse("-");
    return new Fingerprint(
        HexFormat.of().formatHex(sha256().digest(text.getBytes(UTF_8)), 0, BYTES));
  }

  /// Empty for what is no text, e.g. compressed.
  static String normalised(ByteBuffer body) {
    var head = new byte[Math.min(body.remaining(), READ)];
    body.duplicate().get(head);
    var text = new String(head, UTF_8).toLowerCase(Locale.ROOT);
    if (text.indexOf('\0') >= 0) {
      return "";
    }
    var even = SPACE.matcher(text).replaceAll(" ").strip();
    var same = VARYING.matcher(even).replaceAll("#");
    return same.length() <= USED ? same : same.substring(0, USED);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
