package dev.fanfare.dispatcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.KeysetFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare keyset`: what secrets are sealed with.
@Command(
    name = "keyset",
    description = {
      "Makes and changes the keyset that secrets are sealed with in Kafka (secrets.keyset_file).",
      "Nothing but reseal asks a running Fanfare; it reads the file when it starts."
    },
    footer = {
      "",
      "To change the key without a moment's outage, however many processes there are:",
      "  fanfare keyset add FILE          restart all with it: they can open what the new key"
          + " seals",
      "  fanfare keyset promote FILE ID   restart all with it: they seal with the new key",
      "  fanfare keyset reseal            what is stored is sealed with the new key",
      "  fanfare keyset remove FILE OLD   when the topic has been compacted, and backups are past"
    },
    synopsisSubcommandLabel = "COMMAND")
final class KeysetCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "create, show, add, promote, rotate, remove or reseal?");
  }

  @Command(
      name = "create",
      description = {
        "Makes a keyset with one new key in a new file that only you can read.",
        "Keep a copy where the cluster's backups are not: without it the secrets are lost."
      },
      footer = {"", "Example:", "  fanfare keyset create keyset.json"})
  int create(@Parameters(paramLabel = "FILE") Path file) {
    var keyset = Keyset.create();
    try {
      KeysetFile.create(file, keyset);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed(
          ExitCode.FAILED,
          file + " is there already; a new key for it is made by add or rotate",
          e);
    } catch (IOException e) {
      throw unwritten(file, e);
    }
    print(keyset);
    return ExitCode.OK;
  }

  @Command(name = "show", description = "Lists the ids of the keys; never a key.")
  int show(@Parameters(paramLabel = "FILE") Path file) {
    print(read(file));
    return ExitCode.OK;
  }

  @Command(name = "add", description = "Adds a new key, which opens and does not seal yet.")
  int add(@Parameters(paramLabel = "FILE") Path file) {
    return change(file, Keyset::withNewKey);
  }

  @Command(name = "promote", description = "Lets a key seal from now on; the others go on opening.")
  int promote(
      @Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "ID") String id) {
    return change(file, keyset -> keyset.sealingWith(id));
  }

  @Command(
      name = "rotate",
      description = {
        "Adds a new key and lets it seal at once: for a single process. With several, those not yet"
            + " restarted could not open what the others seal; use add, then promote."
      })
  int rotate(@Parameters(paramLabel = "FILE") Path file) {
    return change(
        file,
        keyset -> {
          var more = keyset.withNewKey();
          return more.sealingWith(more.keys().getLast().id());
        });
  }

  @Command(
      name = "remove",
      description = "Takes a key away: what it sealed can never be opened again.")
  int remove(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "ID") String id) {
    return change(file, keyset -> keyset.without(id));
  }

  @Command(
      name = "reseal",
      description = {
        "Asks a running Fanfare to seal again what is not sealed with the key that seals now.",
        "Needs an admin's key. Exit code 1 if something is left that could not be opened."
      })
  int reseal(@Mixin ClientOptions client) {
    int resealed = 0;
    JsonNode answer;
    try (var api = ApiClient.of(client)) {
      do {
        answer = api.post("/v1/subscriptions/reseal", ApiClient.JSON.createObjectNode());
        resealed += answer.path("resealed").asInt();
      } while (answer.path("more").asBoolean());
    }
    int left = answer.path("left").asInt();
    Output.print(
        out(),
        client,
        ApiClient.JSON.createObjectNode().put("resealed", resealed).put("left", left));
    return left == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private int change(Path file, UnaryOperator<Keyset> change) {
    Keyset changed;
    try {
      changed = change.apply(read(file));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.FAILED, file + ": " + e.getMessage(), e);
    }
    try {
      KeysetFile.replace(file, changed);
    } catch (IOException e) {
      throw unwritten(file, e);
    }
    print(changed);
    return ExitCode.OK;
  }

  private static Keyset read(Path file) {
    try {
      return Keyset.parse(Files.readString(file, UTF_8));
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.FAILED, "%s can't be read: %s".formatted(file, e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.FAILED, file + " " + e.getMessage(), e);
    }
  }

  private static UncheckedIOException unwritten(Path file, IOException e) {
    return new UncheckedIOException("%s can't be written: %s".formatted(file, e.getMessage()), e);
  }

  private void print(Keyset keyset) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("KEY", "SEALS", "OPENS"));
    keyset.keys().forEach(key -> rows.add(List.of(key.id(), yes(key.seals()), yes(key.opens()))));
    out().print(Text.table(rows));
    out().flush();
  }

  private static String yes(boolean so) {
    return so ? "yes" : "no";
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
