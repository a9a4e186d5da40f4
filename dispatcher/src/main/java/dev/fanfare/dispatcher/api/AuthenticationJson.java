package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.control.AuthenticationSpec;
import java.util.Optional;
import java.util.Set;

/// The `authentication` of a subscription as JSON, both ways. Secrets are only ever read: what is
/// written has null in their place.
final class AuthenticationJson {
  private static final int LONGEST_PEM = 32 * 1024;
  private static final String TYPE = "type";
  private static final Set<String> TYPES = Set.of("basic", "oauth2", "mtls");

  private AuthenticationJson() {}

  /// @param subscription whose field it is
  static Optional<AuthenticationSpec> read(ObjectReading subscription) {
    if (!subscription.has("authentication")) {
      return Optional.empty();
    }
    var object = subscription.object("authentication");
    var type = object.text(TYPE).orElse("");
    var spec =
        switch (type) {
          case "basic" -> basic(object);
          case "oauth2" -> oauth2(object);
          case "mtls" -> mtls(object);
          default -> none(type);
        };
    object.require(TYPE);
    if (TYPES.contains(type)) {
      object.refuseUnknown();
    }
    return Optional.of(spec);
  }

  private static AuthenticationSpec basic(ObjectReading object) {
    return new AuthenticationSpec(
        "basic",
        object.text("password"),
        object.text("username"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static AuthenticationSpec oauth2(ObjectReading object) {
    return new AuthenticationSpec(
        "oauth2",
        object.text("client_secret"),
        Optional.empty(),
        object.text("token_url"),
        object.text("client_id"),
        object.text("scope"),
        object.text("audience"),
        Optional.empty());
  }

  private static AuthenticationSpec mtls(ObjectReading object) {
    return new AuthenticationSpec(
        "mtls",
        object.longText("private_key", LONGEST_PEM),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        object.longText("certificate", LONGEST_PEM));
  }

  /// What is wrong with the type is told when the subscription is checked.
  private static AuthenticationSpec none(String type) {
    return new AuthenticationSpec(
        type,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static JsonNode write(AuthenticationSpec spec) {
    var json = Json.object().put(TYPE, spec.type());
    return switch (spec.type()) {
      case "basic" -> put(json, "username", spec.username()).putNull("password");
      case "oauth2" -> {
        put(json, "token_url", spec.tokenUrl());
        put(json, "client_id", spec.clientId());
        json.putNull("client_secret");
        put(json, "scope", spec.scope());
        yield put(json, "audience", spec.audience());
      }
      case "mtls" -> put(json, "certificate", spec.certificate()).putNull("private_key");
      default -> json; // of a newer version
    };
  }

  private static ObjectNode put(ObjectNode json, String name, Optional<String> text) {
    return json.put(name, text.orElse(null));
  }
}
