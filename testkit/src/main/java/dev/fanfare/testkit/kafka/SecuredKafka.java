package dev.fanfare.testkit.kafka;

import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/// A broker as a cluster of some standing has it: clients come by TLS and SASL, and may do what an
/// ACL allows, nothing else. It has a second listener without either, for who sets it up.
public final class SecuredKafka implements AutoCloseable {
  private static final String PASSWORD = "the-password-of-";
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final EmbeddedKafka broker;
  private final String secured;
  private final TestCertificate certificate;
  private final Admin admin;

  private SecuredKafka(EmbeddedKafka broker, String secured, TestCertificate certificate) {
    this.broker = broker;
    this.secured = secured;
    this.certificate = certificate;
    this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
  }

  public static SecuredKafka start(Path directory) throws IOException {
    int port = Ports.free();
    int controller = Ports.free();
    var plain = "PLAINTEXT://127.0.0.1:" + port;
    var secured = "127.0.0.1:" + Ports.free();
    var certificate = TestCertificate.forLoopback();
    var jaas = "listener.name.sasl_ssl.%s.sasl.jaas.config";
    var settings =
        Map.ofEntries(
            Map.entry(
                "listeners",
                plain + ",SASL_SSL://" + secured + ",CONTROLLER://127.0.0.1:" + controller),
            Map.entry("advertised.listeners", plain + ",SASL_SSL://" + secured),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("ssl.keystore.type", "PEM"),
            Map.entry("ssl.keystore.certificate.chain", certificate.pem()),
            Map.entry("ssl.keystore.key", certificate.privateKeyPem()),
            Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512,OAUTHBEARER"),
            Map.entry(
                jaas.formatted("scram-sha-512"), ScramLoginModule.class.getName() + " required;"),
            // Kafka's validator for tests believes tokens that nobody signed.
            Map.entry(
                jaas.formatted("oauthbearer"),
                OAuthBearerLoginModule.class.getName() + " required;"),
            Map.entry("authorizer.class.name", RecordingAuthorizer.class.getName()),
            Map.entry("super.users", "User:ANONYMOUS"));
    return new SecuredKafka(EmbeddedKafka.start(directory, port, settings), secured, certificate);
  }

  /// Where everything is allowed without being asked who one is.
  public String open() {
    return broker.bootstrap();
  }

  /// Makes the user; returns the properties of its clients.
  public Map<String, String> scram(String user) {
    var credential =
        new UserScramCredentialUpsertion(
            user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD + user);
    answer(admin.alterUserScramCredentials(List.of(credential)).all());
    return client(
        "SCRAM-SHA-512",
        "%s required username=\"%s\" password=\"%s\";"
            .formatted(ScramLoginModule.class.getName(), user, PASSWORD + user));
  }

  /// The properties of clients that show a token of that user's, which they make themselves.
  public Map<String, String> bearer(String user) {
    return client(
        "OAUTHBEARER",
        "%s required unsecuredLoginStringClaim_sub=\"%s\";"
            .formatted(OAuthBearerLoginModule.class.getName(), user));
  }

  private Map<String, String> client(String mechanism, String jaas) {
    var properties = new HashMap<String, String>();
    properties.put("bootstrap.servers", secured);
    properties.put("security.protocol", "SASL_SSL");
    properties.put("sasl.mechanism", mechanism);
    properties.put("sasl.jaas.config", jaas);
    properties.put("ssl.truststore.type", "PEM");
    properties.put("ssl.truststore.certificates", certificate.pem());
    return properties;
  }

  /// Topics of one partition.
  public void makeTopics(Collection<String> names) {
    var wanted = names.stream().map(it -> new NewTopic(it, 1, (short) 1)).toList();
    answer(admin.createTopics(wanted).all());
  }

  /// Returns when the broker goes by them.
  public void allow(Collection<AclBinding> acls) {
    answer(admin.createAcls(acls).all());
    awaitAcls(known -> known.containsAll(acls));
  }

  /// Takes it back; returns when the broker goes by that.
  public void withdraw(AclBinding acl) {
    answer(admin.deleteAcls(List.of(acl.toFilter())).all());
    awaitAcls(known -> !known.contains(acl));
  }

  private void awaitAcls(Predicate<Set<AclBinding>> condition) {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (!condition.test(Set.copyOf(answer(admin.describeAcls(AclBindingFilter.ANY).values())))) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the broker does not go by its ACLs");
      }
      Thread.onSpinWait();
    }
  }

  /// What it was asked about the user so far, and how it answered.
  public Set<RecordingAuthorizer.Asked> asked(String user) {
    return RecordingAuthorizer.asked(user);
  }

  private static <T> T answer(KafkaFuture<T> future) {
    try {
      return future.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the broker refuses", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    broker.close();
  }
}
