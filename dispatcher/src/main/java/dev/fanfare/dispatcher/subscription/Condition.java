package dev.fanfare.dispatcher.subscription;

import dev.fanfare.dispatcher.subscription.expression.Expression;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Something that must be so for a subscription to want an event. Addresses and domains are
/// compared without regard to case, everything else as it is written. An event that lacks the field
/// does not meet the condition.
public sealed interface Condition {
  boolean holds(EmailEvent event);

  /// The mail belongs to one of these inboxes.
  ///
  /// @param addresses in lower case
  record Inboxes(Set<String> addresses) implements Condition {
    public static Inboxes of(Collection<String> addresses) {
      return new Inboxes(lowerCased(addresses));
    }

    @Override
    public boolean holds(EmailEvent event) {
      return event.getInbox() != null && addresses.contains(folded(event.getInbox()));
    }
  }

  /// The recipient is at one of these domains; a subdomain is another domain.
  ///
  /// @param domains in lower case
  record RecipientDomains(Set<String> domains) implements Condition {
    public static RecipientDomains of(Collection<String> domains) {
      return new RecipientDomains(lowerCased(domains));
    }

    @Override
    public boolean holds(EmailEvent event) {
      return event.getRecipient() != null && domains.contains(domainOf(event.getRecipient()));
    }
  }

  /// The mail has one of these tags.
  record Tags(Set<String> tags) implements Condition {
    @Override
    public boolean holds(EmailEvent event) {
      List<String> given = event.getTags();
      return given != null && given.stream().anyMatch(tags::contains);
    }
  }

  /// The mail was sent in one of these streams.
  record Streams(Set<String> streams) implements Condition {
    @Override
    public boolean holds(EmailEvent event) {
      return event.getStream() != null && streams.contains(event.getStream());
    }
  }

  /// A field has one of these values; where the path leads through a list, one of its elements.
  ///
  /// @param accepted in the path's canonical form ([FieldPath#canonical])
  record Field(FieldPath path, Set<String> accepted) implements Condition {
    @Override
    public boolean holds(EmailEvent event) {
      return path.anyIn(event, accepted);
    }
  }

  /// What an expression says of the event.
  record Matching(Expression expression) implements Condition {
    @Override
    public boolean holds(EmailEvent event) {
      return expression.holds(event);
    }
  }

  /// The form in which addresses and domains are compared.
  static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// What follows the last `@`, in lower case; empty without one.
  static String domainOf(String address) {
    int at = address.lastIndexOf('@');
    return at < 0 ? "" : folded(address.substring(at + 1));
  }

  private static Set<String> lowerCased(Collection<String> texts) {
    return texts.stream().map(Condition::folded).collect(Collectors.toUnmodifiableSet());
  }
}
