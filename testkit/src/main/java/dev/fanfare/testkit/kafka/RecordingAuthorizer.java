package dev.fanfare.testkit.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/// Kafka's own authorizer, which remembers what it was asked and how it answered: for
/// [SecuredKafka]. Brokers make it by its class name, so what it remembers belongs to the JVM.
public final class RecordingAuthorizer extends StandardAuthorizer {
  private static final Set<Asked> ASKED = ConcurrentHashMap.newKeySet();

  /// @param user without its type
  public record Asked(
      String user, ResourceType type, String name, AclOperation operation, boolean allowed) {}

  /// What has been asked for that user since the JVM began. What a broker only wonders about, and
  /// does without when it is denied, is left out.
  static Set<Asked> asked(String user) {
    return ASKED.stream().filter(it -> it.user().equals(user)).collect(Collectors.toSet());
  }

  @Override
  public List<AuthorizationResult> authorize(
      AuthorizableRequestContext request, List<Action> actions) {
    var answers = super.authorize(request, actions);
    var user = request.principal().getName();
    var each = new ArrayList<>(answers).iterator();
    for (var action : actions) {
      boolean allowed = each.next() == AuthorizationResult.ALLOWED;
      if (allowed ? action.logIfAllowed() : action.logIfDenied()) {
        var what = action.resourcePattern();
        ASKED.add(new Asked(user, what.resourceType(), what.name(), action.operation(), allowed));
      }
    }
    return answers;
  }
}
