package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// JSON that a command is given in a file, or on stdin for `-`.
final class JsonInput {
  private JsonInput() {}

  /// @throws CommandFailed if it can't be read or is no JSON
  static JsonNode read(String file) {
    try {
      return ApiClient.JSON.readTree(
          file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file)));
    } catch (JsonProcessingException e) {
      throw new CommandFailed(
          ExitCode.FAILED,
          file
              + " is not JSON: "
              + e.getOriginalMessage()
              + " in line "
              + e.getLocation().getLineNr(),
          e);
    } catch (IOException e) {
      throw new CommandFailed(ExitCode.FAILED, file + " can't be read", e);
    }
  }
}
