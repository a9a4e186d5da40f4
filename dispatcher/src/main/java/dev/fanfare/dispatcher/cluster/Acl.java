package dev.fanfare.dispatcher.cluster;

import java.util.Locale;

/// One thing that a process must be allowed to do on a cluster that asks.
///
/// @param name of the resource, or what names of resources begin with
public record Acl(Kind kind, Match match, String name, Operation operation)
    implements Comparable<Acl> {
  /// What it is about.
  public enum Kind {
    TOPIC,
    GROUP,
    TRANSACTIONAL_ID;

    /// As people and `kafka-acls` write it.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// How the name is meant.
  public enum Match {
    LITERAL,
    PREFIXED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Whoever may read or write may describe.
  public enum Operation {
    READ("Read"),
    WRITE("Write"),
    CREATE("Create"),
    DESCRIBE("Describe"),
    DESCRIBE_CONFIGS("DescribeConfigs");

    private final String word;

    Operation(String word) {
      this.word = word;
    }

    /// As Kafka writes it.
    public String word() {
      return word;
    }
  }

  public boolean covers(Kind other, String resource) {
    return kind == other
        && (match == Match.LITERAL ? resource.equals(name) : resource.startsWith(name));
  }

  /// What is asked about when it is asked whether this is allowed.
  String example() {
    return match == Match.LITERAL ? name : name + "0";
  }

  /// The arguments of `kafka-acls` that allow it.
  public String arguments(String principal) {
    return "--add --allow-principal %s --operation %s --%s %s --resource-pattern-type %s"
        .formatted(principal, operation.word(), kind.word(), name, match.word());
  }

  @Override
  public int compareTo(Acl other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return operation.word() + " " + kind.word() + " " + name + (match == Match.LITERAL ? "" : "*");
  }
}
