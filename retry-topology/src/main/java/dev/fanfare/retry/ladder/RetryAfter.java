package dev.fanfare.retry.ladder;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Reads the `Retry-After` header field: seconds, or a date in any of the three forms of HTTP (RFC
/// 9110 §10.2.3 and §5.6.7). The name of the day is not compared with the date.
public final class RetryAfter {
  /// Later than this is taken as this; how long a delivery may really wait is its expiry's
  /// business.
  public static final Duration LONGEST = Duration.ofDays(366);

  private static final int LONGEST_TEXT = 64;
  private static final int LONGEST_SECONDS = 9;
  private static final int CENTURY_AHEAD = 50;
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private static final String DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  private static final String FULL_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
  private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
  private static final String TIME = "(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})";

  private static final Pattern SECONDS = Pattern.compile("\\d+");
  private static final Pattern IMF_FIXDATE =
      Pattern.compile(DAY + ", (?<day>\\d{2}) " + MONTH + " (?<year>\\d{4}) " + TIME + " GMT");
  private static final Pattern RFC_850 =
      Pattern.compile(FULL_DAY + ", (?<day>\\d{2})-" + MONTH + "-(?<year>\\d{2}) " + TIME + " GMT");
  private static final Pattern ASCTIME =
      Pattern.compile(DAY + " " + MONTH + " (?<day>[ \\d]\\d) " + TIME + " (?<year>\\d{4})");

  private RetryAfter() {}

  /// The earliest instant at which the sender wants to be called again: never before `now`, never
  /// after `now` plus [#LONGEST]; empty when the value is neither seconds nor a date.
  public static Optional<Instant> at(String value, Instant now) {
    var text = value.strip();
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(bounded(now.plus(seconds(text)), now));
    }
    return text.length() > LONGEST_TEXT
        ? Optional.empty()
        : date(text, now).map(date -> bounded(date, now));
  }

  private static Duration seconds(String digits) {
    return digits.length() > LONGEST_SECONDS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
  }

  private static Instant bounded(Instant wanted, Instant now) {
    if (wanted.isBefore(now)) {
      return now;
    }
    var latest = now.plus(LONGEST);
    return wanted.isAfter(latest) ? latest : wanted;
  }

  private static Optional<Instant> date(String text, Instant now) {
    for (var form : List.of(IMF_FIXDATE, RFC_850, ASCTIME)) {
      var matcher = form.matcher(text);
      if (matcher.matches()) {
        int year = number(matcher, "year");
        return instant(matcher, form == RFC_850 ? century(year, now) : year);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> instant(MatchResult match, int year) {
    int second = number(match, "second");
    boolean leap = second == 60;
    try {
      var time =
          LocalDateTime.of(
              year,
              MONTHS.indexOf(match.group("month")) + 1,
              number(match, "day"),
              number(match, "hour"),
              number(match, "minute"),
              leap ? 59 : second);
      return Optional.of(time.plusSeconds(leap ? 1 : 0).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException _) {
      return Optional.empty(); // 31 February, 25 o'clock: as good as no header
    }
  }

  /// A two-digit year more than 50 years ahead means the past (RFC 9110 §5.6.7).
  private static int century(int twoDigits, Instant now) {
    int thisYear = now.atOffset(ZoneOffset.UTC).getYear();
    int year = thisYear - thisYear % 100 + twoDigits;
    return year > thisYear + CENTURY_AHEAD ? year - 100 : year;
  }

  private static int number(MatchResult match, String group) {
    return Integer.parseInt(match.group(group).strip());
  }
}
