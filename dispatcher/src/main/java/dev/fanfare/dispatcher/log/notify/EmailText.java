package dev.fanfare.dispatcher.log.notify;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// What an e-mail says: the subject alone is enough to act on.
final class EmailText {
  private static final int LONGEST_SUBJECT = 240;
  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EmailText() {}

  /// One line, whatever strangers have put into names.
  static String subject(Notice notice) {
    var text = new StringBuilder("[Fanfare] ");
    text.append(notice.fired() ? "Alert" : "Over");
    notice.tenant().ifPresent(it -> text.append(", ").append(it));
    text.append(": ").append(withoutStop(notice.summary()));
    text.append(", ").append(SHORT.format(notice.at()));
    var line = text.toString().replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
    return line.length() <= LONGEST_SUBJECT ? line : line.substring(0, LONGEST_SUBJECT - 1) + "…";
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  static String body(Notice notice) {
    var text = new StringBuilder(notice.summary()).append("\n\n");
    notice.link().ifPresent(it -> text.append(it).append("\n\n"));
    line(text, "what", notice.name());
    notice.tenant().ifPresent(it -> line(text, "tenant", it));
    notice.subscription().ifPresent(it -> line(text, "subscription", it));
    line(text, "rule", notice.rule() + " (" + notice.kind() + ")");
    notice.since().ifPresent(it -> line(text, "fired", time(it)));
    line(text, notice.fired() ? "fired" : "over", time(notice.at()));
    line(text, "alert", notice.id());
    return text.toString();
  }

  private static String time(Instant at) {
    return LONG.format(at);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-13s %s%n".formatted(name, value).replace("\r", ""));
  }
}
