package dev.fanfare.dispatcher.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Tenant;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
  private static final Instant NOW = Keys.MADE.plus(Duration.ofDays(1));
  private static final String KEY = KeyText.of("key_" + "a".repeat(24), "b".repeat(52));

  private final Keys table = new Keys().with(Keys.named("acme"));

  @ParameterizedTest
  @CsvSource({
    "admin, ,",
    "tenant, acme, acme",
    "producer, , ",
    "producer, acme, acme",
    "viewer, ,",
    "viewer, acme, acme"
  })
  void whoHasAKeyIsItsRoleAndTenant(String role, String tenant, String bound) {
    table.with(Keys.key(KEY, role, tenant).build());

    assertThat(admission(KEY))
        .isEqualTo(
            new Admission.Admitted(
                new Caller(
                    AccessRole.find(role).orElseThrow(),
                    Optional.ofNullable(bound),
                    "key_" + "a".repeat(24))));
  }

  @Test
  void anotherSecretUnderTheSameIdOpensNothing() {
    table.with(Keys.key(KEY, "admin", null).build());
    var other = KeyText.of("key_" + "a".repeat(24), "b".repeat(51) + "c");

    assertThat(admission(other)).isInstanceOf(Admission.Unknown.class);
    assertThat(admission(KEY.toUpperCase(Locale.ROOT))).isInstanceOf(Admission.Unknown.class);
    assertThat(admission(KEY + "b")).isInstanceOf(Admission.Unknown.class);
    assertThat(admission("")).isInstanceOf(Admission.Unknown.class);
  }

  @Test
  void aHashOfNoLengthOpensNothing() {
    table.with(Keys.key(KEY, "admin", null).setHash(ByteBuffer.allocate(0)).build());

    assertThat(admission(KEY)).isInstanceOf(Admission.Unknown.class);
  }

  @Test
  void endsWithTheMomentOfItsExpiry() {
    table.with(Keys.key(KEY, "admin", null).setExpiresAt(NOW).build());
    assertThat(admission(KEY)).isInstanceOf(Admission.Unknown.class);

    table.with(Keys.key(KEY, "admin", null).setExpiresAt(NOW.plusMillis(1)).build());
    assertThat(admission(KEY)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void aRevokedKeyOpensNothing() {
    table.with(Keys.key(KEY, "admin", null).setRevokedAt(NOW).build());

    assertThat(admission(KEY)).isInstanceOf(Admission.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({"tenant,", "admin, acme", "owner,", "ADMIN,"})
  void aRoleThatIsNotBoundAsItMustBeOpensNothing(String role, String tenant) {
    table.with(Keys.key(KEY, role, tenant).build());

    assertThat(admission(KEY)).isInstanceOf(Admission.Unknown.class);
  }

  @Test
  void theKeysOfADisabledTenantOpenNothing() {
    table.with(Keys.key(KEY, "tenant", "acme").build());
    table.with(Tenant.newBuilder(Keys.named("acme")).setStatus("disabled").build());

    assertThat(admission(KEY)).isEqualTo(new Admission.Disabled());
  }

  @Test
  void theKeysOfARemovedTenantOpenNothing() {
    table.with(Keys.key(KEY, "tenant", "acme").build());
    table.remove("acme");

    assertThat(admission(KEY)).isInstanceOf(Admission.Unknown.class);
  }

  private Admission admission(String text) {
    return Admission.of(text, table, NOW);
  }
}
