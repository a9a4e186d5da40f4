package dev.fanfare.dispatcher.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// A YAML 1.2 text read into entries that know their lines. Duplicate keys, custom tags and aliases
/// of collections are refused, so that a short file can't grow without bound.
public final class ConfigFile {
  private static final int MOST_CODE_POINTS = 1 << 20;
  private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);
  private static final String DEFAULTS = "fanfare.default.yaml";

  private final Entry.Mapping root;
  private final List<ConfigProblem> problems;

  private ConfigFile(Entry.Mapping root, List<ConfigProblem> problems) {
    this.root = root;
    this.problems = List.copyOf(problems);
  }

  /// Every key with its default.
  public static ConfigFile defaults() {
    return of(DEFAULTS, defaultText());
  }

  /// The defaults as text, with the comments that explain them.
  public static String defaultText() {
    try (var in = ConfigFile.class.getResourceAsStream("/" + DEFAULTS)) {
      if (in == null) {
        throw new IllegalStateException(DEFAULTS + " is missing from the jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file that says nothing.
  public static ConfigFile empty() {
    return of("", "");
  }

  /// @throws InvalidConfig if it can't be read
  public static ConfigFile at(Path path) {
    try {
      return of(path.toString(), Files.readString(path));
    } catch (CharacterCodingException e) {
      throw unreadable(path, "is not UTF-8");
    } catch (IOException e) {
      throw unreadable(path, Files.exists(path) ? "can't be read" : "does not exist");
    }
  }

  private static InvalidConfig unreadable(Path path, String why) {
    return new InvalidConfig(List.of(new ConfigProblem("", path.toString(), "the file " + why)));
  }

  /// @param name stands before the line numbers
  public static ConfigFile of(String name, String yaml) {
    var reading = new Reading(name);
    return new ConfigFile(reading.root(yaml), reading.problems);
  }

  Entry.Mapping root() {
    return root;
  }

  /// What is wrong with the text itself: syntax, duplicates.
  List<ConfigProblem> problems() {
    return problems;
  }

  private static final class Reading {
    private final String name;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Reading(String name) {
      this.name = name;
    }

    Entry.Mapping root(String yaml) {
      var nothing = new Entry.Mapping(new LinkedHashMap<>(), name);
      var settings =
          LoadSettings.builder()
              .setLabel(name)
              .setSchema(new CoreSchema())
              .setCodePointLimit(MOST_CODE_POINTS)
              .build();
      try {
        var node = new Compose(settings).composeString(yaml);
        if (node.isEmpty() || node.get().getTag().equals(Tag.NULL)) {
          return nothing;
        }
        if (entry("", node.get()) instanceof Entry.Mapping mapping) {
          return mapping;
        }
        problems.add(new ConfigProblem("", name, "must be a mapping of keys"));
      } catch (MarkedYamlEngineException e) {
        var line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
        problems.add(new ConfigProblem("", name + line, "is not YAML: " + e.getProblem()));
      } catch (YamlEngineException e) {
        problems.add(
            new ConfigProblem(
                "", name, "is not YAML: " + firstLine(String.valueOf(e.getMessage()))));
      } catch (StackOverflowError e) {
        problems.add(new ConfigProblem("", name, "is nested too deeply"));
      }
      return nothing;
    }

    private Entry entry(String path, Node node) {
      var where = where(node);
      return switch (node) {
        case ScalarNode scalar -> scalar(path, scalar, where);
        case SequenceNode sequence when isNew(path, sequence) -> {
          var items = new ArrayList<Entry>();
          for (var item : sequence.getValue()) {
            items.add(entry(path, item));
          }
          yield new Entry.Listing(items, where);
        }
        case MappingNode mapping when isNew(path, mapping) -> mapping(path, mapping, where);
        default -> new Entry.Nothing(where);
      };
    }

    private Entry scalar(String path, ScalarNode node, String where) {
      if (!PLAIN.contains(node.getTag())) {
        problems.add(new ConfigProblem(path, where, "has a tag, " + node.getTag()));
      }
      return node.getTag().equals(Tag.NULL)
          ? new Entry.Nothing(where)
          : new Entry.Scalar(node.getValue(), where);
    }

    private Entry mapping(String path, MappingNode node, String where) {
      var entries = new LinkedHashMap<String, Entry>();
      for (var pair : node.getValue()) {
        if (!(pair.getKeyNode() instanceof ScalarNode keyNode)) {
          problems.add(
              new ConfigProblem(path, where(pair.getKeyNode()), "has a key that is no text"));
          continue;
        }
        var key = keyNode.getValue();
        var below = path.isEmpty() ? key : path + "." + key;
        var value = entry(below, pair.getValueNode());
        if (entries.putIfAbsent(key, value) != null) {
          problems.add(
              new ConfigProblem(
                  below,
                  where(keyNode),
                  "is given twice, first at " + entries.getOrDefault(key, value).where()));
        }
      }
      return new Entry.Mapping(entries, where);
    }

    private boolean isNew(String path, Node node) {
      boolean first = seen.add(node);
      if (!first) {
        problems.add(new ConfigProblem(path, where(node), "is an alias; write it out"));
      }
      return first;
    }

    private String where(Node node) {
      return name + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }

    private static String firstLine(String message) {
      return message.lines().findFirst().orElse("");
    }
  }
}
