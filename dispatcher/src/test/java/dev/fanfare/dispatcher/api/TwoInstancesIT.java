package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two dispatchers behind one address: what one was told, the other knows at once, and neither
/// undoes what the other has done.
class TwoInstancesIT {
  private static final String MINIMAL =
      """
      {"tenant":"acme","url":"https://example.com/hook","event_types":["*"],"headers":{}}\
      """;

  private static TestFanfare one;
  private static TestFanfare other;

  @BeforeAll
  static void start() {
    var prefix = SharedKafka.prefix(TwoInstancesIT.class);
    one = TestFanfare.withApi(SharedKafka.bootstrap(), prefix);
    other = TestFanfare.withApi(SharedKafka.bootstrap(), prefix);
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
  }

  @Test
  void whatOneMadeTheOtherShowsAtOnce() {
    for (int i = 0; i < 30; i++) {
      var writer = i % 2 == 0 ? one : other;
      var reader = i % 2 == 0 ? other : one;
      var path = "/v1/subscriptions/" + id(writer.post("/v1/subscriptions", MINIMAL));

      assertThat(reader.get(path).status()).isEqualTo(200);
      assertThat(reader.get("/v1/subscriptions?limit=200").text()).contains(path.substring(18));
      assertThat(reader.get(path + "/secret").status()).isEqualTo(200);
      assertThat(patch(reader, path, "{\"description\":\"new\"}").status()).isEqualTo(200);
      assertThat(writer.get(path).json().path("description").asText()).isEqualTo("new");
      assertThat(reader.send("DELETE", path, "").status()).isEqualTo(204);
      assertThat(writer.get(path).status()).isEqualTo(404);
      assertThat(patch(writer, path, "{\"description\":\"late\"}").status()).isEqualTo(404);
    }
  }

  @Test
  void ofTwoChangesAtTheSameTimeNoneIsLost() {
    var path = "/v1/subscriptions/" + id(one.post("/v1/subscriptions", MINIMAL));
    var replies = new ArrayList<CompletableFuture<Reply>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        var instance = i % 2 == 0 ? one : other;
        var patch = "{\"headers\":{\"X-%d\":\"yes\"}}".formatted(i);
        replies.add(CompletableFuture.supplyAsync(() -> patch(instance, path, patch), threads));
      }
    }

    var done =
        IntStream.range(0, 20)
            .filter(i -> replies.get(i).join().status() == 200)
            .mapToObj(i -> "X-" + i)
            .toList();
    var there = new ArrayList<String>();
    one.get(path).json().path("headers").fieldNames().forEachRemaining(there::add);
    assertThat(replies).extracting(it -> it.join().status()).isSubsetOf(200, 409, 503);
    assertThat(done).hasSizeGreaterThan(5);
    assertThat(there).containsAll(done);
    assertThat(one.get(path).json().path("version").asLong()).isEqualTo(1 + there.size());
  }

  @Test
  void ofTwoWhoNameTheSameVersionOneIsTold() {
    var path = "/v1/subscriptions/" + id(one.post("/v1/subscriptions", MINIMAL));
    var tag = one.get(path).header("ETag");
    assertThat(tag).isEqualTo("\"1\"");
    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var racing =
          List.of(one, other).stream()
              .map(it ->
                  CompletableFuture.supplyAsync(
                      () -> patch(it, path, "{\"description\":\"" + it.port() + "\"}", tag),
                      threads))
              .toList();
      racing.forEach(it -> statuses.add(it.join().status()));
    }

    assertThat(statuses).containsExactlyInAnyOrder(200, 412);
    assertThat(new HashSet<>(List.of(one.get(path).text(), other.get(path).text()))).hasSize(1);
  }

  private static String id(Reply created) {
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return created.json().path("id").asText();
  }

  private static Reply patch(TestFanfare instance, String path, String json, String... ifMatch) {
    var request =
        instance
            .request(path)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", BodyPublishers.ofString(json));
    for (var tag : ifMatch) {
      request.header("If-Match", tag);
    }
    return instance.send(request);
  }
}
