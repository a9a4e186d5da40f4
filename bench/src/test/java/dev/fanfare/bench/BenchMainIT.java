package dev.fanfare.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchMainIT {
  @TempDir Path directory;

  @Test
  void tellsFiguresInThreeWaysAndLeavesNothingBehind() throws Exception {
    // Given
    var json = directory.resolve("figures.json");
    var svg = directory.resolve("figures.svg");
    var out = new StringWriter();
    var err = new StringWriter();

    // When
    int status =
        BenchMain.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "bench limit --repeats 2 --seconds 1 --warm-up 1 --endpoints 4 --in-flights 2,4"
                    .concat(" --json " + json + " --svg " + svg)
                    .concat(" --data-dir " + directory.resolve("data"))
                    .split(" "));

    // Then
    assertThat(status).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("POSTs/s", "2 in flight", "4 in flight");
    assertThat(Files.readString(svg)).startsWith("<svg").endsWith("</svg>\n");
    assertThat(directory.resolve("data")).isEmptyDirectory();
    var told = new ObjectMapper().readTree(json.toFile());
    assertThat(told.path("scenario").asText()).isEqualTo("limit");
    assertThat(told.path("machine").path("cores").asInt()).isPositive();
    assertThat(told.path("settings").path("repeats").asInt()).isEqualTo(2);
    assertThat(told.path("limit_per_second").asDouble()).isPositive();
    assertThat(told.path("limit_per_second_each")).hasSize(2);
    assertThat(told.path("variants")).hasSize(2);
  }
}
