package dev.fanfare.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrySettingsTest {
  @Test
  void theAddressIsRequired() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RegistrySettings(Map.of("schema.registry.url", " ")))
        .withMessage("schema.registry.url is required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OAUTHBEARER", "SASL_OAUTHBEARER_INHERIT", "oauthbearer"})
  void anOauthSignInIsRefusedWithTheWayOut(String source) {
    for (var key :
        new String[] {
          "bearer.auth.credentials.source", "schema.registry.bearer.auth.credentials.source"
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new RegistrySettings(
                  Map.of("schema.registry.url", "http://registry:8081", key, source)))
          .withMessageContaining(key)
          .withMessageContaining("official client 8.x")
          .withMessageContaining("-Pconfluent");
    }
  }

  @Test
  void aStaticTokenIsUsable() {
    var settings =
        new RegistrySettings(
            Map.of(
                "schema.registry.url", "http://127.0.0.1:1",
                "bearer.auth.credentials.source", "STATIC_TOKEN",
                "bearer.auth.token", "t"));

    assertThatCode(() -> new AvroSerdes(settings).serializer().close()).doesNotThrowAnyException();
  }

  @Test
  void secretsAreNotShown() {
    var settings =
        new RegistrySettings(
            Map.of(
                "schema.registry.url", "https://u:p4ss@a:8081,https://u:p4ss@b:8081",
                "basic.auth.user.info", "user:p4ss"));

    assertThat(settings).hasToString("RegistrySettings[https://***@a:8081,https://***@b:8081]");
    assertThat(settings.properties()).containsEntry("basic.auth.user.info", "user:p4ss");
  }
}
