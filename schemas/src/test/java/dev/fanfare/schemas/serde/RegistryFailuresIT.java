package dev.fanfare.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Tenant;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the real client makes of a registry that answers badly or not at all, over real sockets.
class RegistryFailuresIT {
  private static final String TOPIC = "email.events";
  private static final String SCOPE = "registry-failures";
  private static final ObjectMapper JSON = new ObjectMapper();

  private HttpServer registry;
  private volatile int status = 200;
  private volatile String body = "";

  @BeforeEach
  void startRegistry() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    registry.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    registry.start();
  }

  @AfterEach
  void stopRegistry() {
    registry.stop(0);
    MockSchemaRegistry.dropScope(SCOPE);
  }

  @Test
  void aGoodAnswerIsReadable() throws Exception {
    answers(200, schemaAnswer("AVRO", EmailEvent.getClassSchema().toString()));

    try (var deserializer = serdes(url()).deserializer(EmailEvent.class)) {
      assertThat(deserializer.deserialize(TOPIC, bytes())).isEqualTo(event());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, '{\"error_code\":40101,\"message\":\"Unauthorized\"}'",
    "403, '{\"error_code\":40301,\"message\":\"Forbidden\"}'",
    "404, '{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}'",
    "404, <html>no such page</html>",
    "404, ''",
    "408, ''",
    "429, '{\"error_code\":42901,\"message\":\"Too many\"}'",
    "500, '{\"error_code\":50001,\"message\":\"Error in the backend data store\"}'",
    "502, <html>bad gateway</html>",
    "503, ''",
    "504, ''",
    "200, <html>please sign in</html>",
    "200, ''",
    "302, ''",
  })
  void anAnswerThatSaysNothingOfTheSchemaIsTheRegistrysFault(int status, String body) {
    answers(status, body);

    assertThat(failure(url(), bytes())).isInstanceOf(DecodeFailure.Unreachable.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {40401, 40402, 40403})
  void anUnknownSchemaIsTheRecordsFault(int code) {
    answers(404, "{\"error_code\":" + code + ",\"message\":\"Schema 7 not found\"}");

    assertThat(failure(url(), bytes()))
        .isInstanceOfSatisfying(
            DecodeFailure.Unusable.class,
            unusable -> {
              assertThat(unusable.reason()).isEqualTo(DecodeFailure.Reason.UNKNOWN_SCHEMA);
              assertThat(unusable.detail()).contains("Schema 7 not found");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "PROTOBUF, 'syntax = \"proto3\"; message A {}'",
    "JSON, '{\"type\": \"object\"}'",
    "AVRO, '{\"type\": \"no such type\"}'",
    "AVRO, not json",
  })
  void aSchemaThatIsNoAvroIsTheRecordsFault(String kind, String schema) throws Exception {
    answers(200, schemaAnswer(kind, schema));

    assertThat(reason(failure(url(), bytes()))).isEqualTo(DecodeFailure.Reason.UNUSABLE_SCHEMA);
  }

  @Test
  void aSchemaThatDoesNotFitIsTheRecordsFault() throws Exception {
    answers(200, schemaAnswer("AVRO", Tenant.getClassSchema().toString()));
    assertThat(reason(failure(url(), bytes()))).isEqualTo(DecodeFailure.Reason.INCOMPATIBLE_SCHEMA);

    answers(200, schemaAnswer("AVRO", "\"string\""));
    assertThat(failure(url(), bytes())).isInstanceOf(DecodeFailure.Unusable.class);
  }

  @Test
  void bytesThatAreNotFramedAreTheRecordsFaultWhateverTheRegistryDoes() {
    answers(500, "");

    for (var bytes : new byte[][] {{}, {0}, {0, 0, 0, 0}, "{\"type\": 1}".getBytes(UTF_8)}) {
      assertThat(reason(failure(url(), bytes))).isEqualTo(DecodeFailure.Reason.NOT_AVRO);
    }
  }

  @Test
  void aRecordThatEndsEarlyIsTheRecordsFault() throws Exception {
    answers(200, schemaAnswer("AVRO", EmailEvent.getClassSchema().toString()));
    var cut = Arrays.copyOf(bytes(), 20);

    assertThat(reason(failure(url(), cut))).isEqualTo(DecodeFailure.Reason.CORRUPT);
  }

  @Test
  void nobodyListeningIsTheRegistrysFault() throws Exception {
    var nobody = "http://127.0.0.1:" + freePort();

    assertThat(failure(nobody, bytes())).isInstanceOf(DecodeFailure.Unreachable.class);
    assertThat(RegistryCheck.problem(settings(nobody), TOPIC))
        .hasValueSatisfying(line ->
            assertThat(line)
                .startsWith("schema registry " + nobody + " cannot be reached: ")
                .doesNotContain("\n"));
  }

  @Test
  void aHostWithoutAnAddressIsTheRegistrysFault() {
    var nowhere = "http://registry.invalid:8081";

    assertThat(failure(nowhere, bytes())).isInstanceOf(DecodeFailure.Unreachable.class);
    assertThat(RegistryCheck.problem(settings(nowhere), TOPIC))
        .hasValueSatisfying(line -> assertThat(line).contains(nowhere).contains("unknown host"));
  }

  @Test
  void silenceIsTheRegistrysFault() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var url = "http://127.0.0.1:" + silent.getLocalPort();

      assertThat(failure(url, bytes())).isInstanceOf(DecodeFailure.Unreachable.class);
      assertThat(RegistryCheck.problem(settings(url), TOPIC))
          .hasValueSatisfying(line -> assertThat(line).contains(url));
    }
  }

  @Test
  void aConnectionCutInTheAnswerIsTheRegistrysFault() throws Exception {
    for (var answer :
        new String[] {
          "", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"sch", "what?\r\n\r\n"
        }) {
      Thread server;
      try (var rude = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
        server = Thread.ofVirtual().start(() -> answerRudely(rude, answer));

        assertThat(failure("http://127.0.0.1:" + rude.getLocalPort(), bytes()))
            .as(answer)
            .isInstanceOf(DecodeFailure.Unreachable.class);
      }
      server.join();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, '', refuses our credentials (401)",
    "403, '', does not let us read subjects (403)",
    "404, <html/>, does not answer as a registry (404): is the path in the URL right?",
    "500, '{\"error_code\":50001,\"message\":\"down\"}', answers 500: down; error code: 50001",
    "200, <html/>, cannot be reached",
  })
  void theCheckSaysInOneLineWhatIsWrong(int status, String body, String expected) {
    answers(status, body);

    assertThat(RegistryCheck.problem(settings(url()), TOPIC))
        .hasValueSatisfying(line ->
            assertThat(line)
                .startsWith("schema registry " + url() + " " + expected)
                .doesNotContain("\n"));
  }

  @Test
  void theCheckIsContentWithARegistryThatDoesNotKnowTheSubjectYet() {
    answers(404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
    assertThat(RegistryCheck.problem(settings(url()), TOPIC)).isEmpty();

    answers(200, "[1,2]");
    assertThat(RegistryCheck.problem(settings(url()), TOPIC)).isEmpty();
    assertThat(RegistryCheck.problem(RegistrySettings.at("mock://" + SCOPE), TOPIC)).isEmpty();
  }

  private static void answerRudely(ServerSocket server, String answer) {
    while (!server.isClosed()) {
      try (var connection = server.accept()) {
        connection.getInputStream().readNBytes(1);
        connection.getOutputStream().write(answer.getBytes(UTF_8));
      } catch (IOException e) {
        // The client or the test has hung up: that is what this is about.
      }
    }
  }

  private void answers(int status, String body) {
    this.status = status;
    this.body = body;
  }

  private String url() {
    return "http://127.0.0.1:" + registry.getAddress().getPort();
  }

  private static String schemaAnswer(String kind, String schema) throws IOException {
    return JSON.writeValueAsString(Map.of("schemaType", kind, "schema", schema));
  }

  private static DecodeFailure failure(String url, byte[] bytes) {
    try (var deserializer = serdes(url).deserializer(EmailEvent.class)) {
      var thrown =
          catchThrowableOfType(
              RuntimeException.class, () -> deserializer.deserialize(TOPIC, bytes));
      assertThat(thrown).isNotNull();
      return DecodeFailure.of(thrown);
    }
  }

  private static DecodeFailure.Reason reason(DecodeFailure failure) {
    assertThat(failure).isInstanceOf(DecodeFailure.Unusable.class);
    return ((DecodeFailure.Unusable) failure).reason();
  }

  private static AvroSerdes serdes(String url) {
    return new AvroSerdes(settings(url));
  }

  private static RegistrySettings settings(String url) {
    return new RegistrySettings(
        Map.of(
            "schema.registry.url", url,
            "http.connect.timeout.ms", "500",
            "http.read.timeout.ms", "500",
            "max.retries", "1",
            "retries.wait.ms", "1"));
  }

  private static byte[] bytes() {
    try (var serializer =
        new AvroSerdes(RegistrySettings.at("mock://" + SCOPE)).<EmailEvent>serializer()) {
      return serializer.serialize(TOPIC, event());
    }
  }

  private static EmailEvent event() {
    return EventCatalogue.standard().find("email.delivered").orElseThrow().example();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
