package dev.fanfare.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FanfareCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static Stream<List<String>> commands() {
    var all = new ArrayList<List<String>>();
    collect(FanfareCommand.create(), List.of(), all);
    return all.stream();
  }

  private static void collect(CommandLine line, List<String> path, List<List<String>> all) {
    all.add(path);
    line.getSubcommands()
        .forEach((name, sub) -> {
          var below = new ArrayList<>(path);
          below.add(name);
          collect(sub, below, all);
        });
  }

  @Test
  void hasTheCommandsOfTheDesign() {
    assertThat(commands().map(path -> String.join(" ", path)))
        .contains(
            "run",
            "topics create",
            "topics verify",
            "events send",
            "subscriptions create",
            "subscriptions list",
            "subscriptions show",
            "subscriptions delete",
            "listen");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItselfAndItsOptions(List<String> command) {
    var args = new ArrayList<>(command);
    args.add("--help");

    assertThat(execute(args.toArray(String[]::new))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("Usage: fanfare").hasLineCount(lines(out));
    assertThat(err.toString()).isEmpty();

    var line = FanfareCommand.create();
    for (var name : command) {
      line = Objects.requireNonNull(line.getSubcommands().get(name));
    }
    assertThat(line.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(line.getCommandSpec().options())
        .allSatisfy(
            option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
  }

  private static int lines(StringWriter text) {
    return (int) text.toString().lines().count();
  }

  @Test
  void tellsItsVersion() {
    assertThat(execute("--version")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("fanfare ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                   | a command is missing
          topics                               | create, verify or acls?
          events                               | send?
          subscriptions                        | create, preview, list, show, pause, resume, rotate-secret, test, verify or delete?
          subscriptions show                   | Missing required parameter
          nonsense                             | Unmatched argument
          run --rolls api                      | Unknown option
          run --roles api,kitchen              | is none of fanout, deliver, retry, log, api
          events send --count many             | is not an int
          events send --file x --type y         | --file is sent as it is
          events send --count 0                | --count must be at least 1
          listen --status 99                   | --status must be from 200
          listen --secret hunter2              | --secret: a secret starts with
          subscriptions list --url ftp://x     | --url must begin with http
          subscriptions list --url h%ttp://x y | Unmatched argument
          """)
  void wrongUsageIsOneClearLine(String args, String told) {
    assertThat(execute(args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("fanfare: ").contains(told).doesNotContain("\tat ");
    assertThat(err.toString()).doesNotContain("hunter2");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aBadConfigurationIsToldWithAllItsFaults(@TempDir Path directory) throws IOException {
    var file = Files.writeString(directory.resolve("f.yaml"), "api: {port: x}\nfoo: 1\n");

    assertThat(execute("run", "--config", file.toString())).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString())
        .startsWith("fanfare: the configuration has 2 faults")
        .contains(file + ":1: api.port must be a whole number")
        .contains(file + ":2: foo is no known key")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "topics create", "topics verify"})
  void aMissingConfigurationIsTold(String command) {
    var args = new ArrayList<>(List.of(command.split(" ")));
    args.addAll(List.of("-c", "/no/such/file.yaml"));

    assertThat(execute(args.toArray(String[]::new))).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).isEqualTo("fanfare: /no/such/file.yaml: the file does not exist\n");
  }

  @Test
  void printsWhatHasToBeAllowedForTheRolesOfTheConfiguration(@TempDir Path directory)
      throws IOException {
    var file =
        Files.writeString(
            directory.resolve("f.yaml"),
            "roles: [fanout]\nkafka: {bootstrap.servers: \"k:9093\"}\ntopics: {prefix: ff.}\n");

    assertThat(execute("topics", "acls", "-c", file.toString(), "--principal", "User:out"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines())
        .contains(
            "kafka-acls --bootstrap-server k:9093 --add --allow-principal 'User:out' --operation"
                + " Write --transactional-id ff.fanout- --resource-pattern-type prefixed")
        .contains(
            "kafka-acls --bootstrap-server k:9093 --add --allow-principal 'User:out'"
                + " --operation Read --topic email.events --resource-pattern-type literal")
        .noneMatch(line -> line.contains("delivery") || line.contains("Create"));

    assertThat(execute("topics", "acls", "-c", file.toString(), "--to-make-topics"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("--operation Create --topic ff. ");
  }

  @Test
  void withoutAKeyTheApiDoesNotStart() {
    assertThat(execute("run", "--roles", "api")).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).hasLineCount(1).contains("api.api_key is not set");
  }

  @Test
  void withoutAKeysetNothingStartsUnlessThatIsWanted(@TempDir Path directory) throws IOException {
    var file = Files.writeString(directory.resolve("f.yaml"), "api: {metrics_need_key: false}");

    assertThat(execute("run", "--roles", "fanout", "-c", file.toString()))
        .isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString())
        .hasLineCount(1)
        .contains("secrets.keyset_file is not set", "fanfare keyset create", "sealing: none");
  }

  @Test
  void aKeysetIsMadeAndItsKeysAreChanged(@TempDir Path directory) throws IOException {
    var file = directory.resolve("keyset.json");

    var first = keyset("create", file).getFirst();
    var second = keyset("add", file).getLast();
    assertThat(out.toString()).containsPattern(first + " +yes +yes\n" + second + " +no +yes");
    keyset("promote", file, second);
    assertThat(keyset("remove", file, first)).containsExactly(second);
    var third = keyset("rotate", file).getLast();
    assertThat(keyset("show", file)).containsExactly(second, third);

    assertThat(out.toString()).containsPattern(third + " +yes +yes").doesNotContain("keyData");
    assertThat(Files.readString(file)).contains("keyData");
  }

  private List<String> keyset(String command, Path file, String... more) {
    out.getBuffer().setLength(0);
    var args = new ArrayList<>(List.of("keyset", command, file.toString()));
    args.addAll(List.of(more));
    assertThat(execute(args.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.OK);
    return out.toString().lines().skip(1).map(line -> line.split(" ", 2)[0]).toList();
  }

  @Test
  void whatWouldLoseAKeysetIsRefused(@TempDir Path directory) throws IOException {
    var file = directory.resolve("keyset.json");
    var only = keyset("create", file).getFirst();
    var before = Files.readString(file);

    for (var command : List.of("create", "remove", "promote")) {
      var args = new ArrayList<>(List.of("keyset", command, file.toString()));
      args.addAll(
          switch (command) {
            case "remove" -> List.of(only);
            case "promote" -> List.of("1");
            default -> List.of();
          });
      assertThat(execute(args.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);
    }
    assertThat(err.toString())
        .contains("is there already", "is the one that seals", "there is no key 1");
    assertThat(Files.readString(file)).isEqualTo(before);

    Files.writeString(file, "s3cret");
    assertThat(execute("keyset", "show", file.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("is no keyset").doesNotContain("s3cret");
  }

  @Test
  void aStackTraceIsShownWhenAskedFor() {
    assertThat(execute("run", "-c", "/no/such/file.yaml", "--verbose")).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).contains("\tat dev.fanfare");
  }

  @Test
  void othersMayAddCommands() {
    var line = FanfareCommand.create();
    line.addSubcommand("dev", CommandLine.Model.CommandSpec.create());

    assertThat(line.getUsageMessage()).contains("dev");
  }

  @Test
  void nothingThatComesFromElsewhereSteersTheTerminal() {
    assertThat(Text.printable("a\u001b[2Jb\u202ec\r\n\td\u009bx")).isEqualTo("a?[2Jb?c?\n\td?x");
    assertThat(Text.table(List.of(List.of("A", "B"), List.of("long", "x\u0007"))))
        .isEqualTo("A     B\nlong  x?\n");
  }

  private int execute(String... args) {
    return FanfareCommand.create()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
