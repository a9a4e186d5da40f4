package dev.fanfare.sandbox.deploy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What Helm makes of the chart, in the order in which it stands there.
record Chart(List<JsonObject> resources) {
  static final Path HOME = Path.of("../deploy/helm/fanfare").toAbsolutePath().normalize();
  private static final String MODELS = "io.kubernetes.client.openapi.models.";

  /// With these values on top of the chart's own.
  static Chart with(Map<String, Object> values) {
    var template =
        new Helm(HOME)
            .template()
            .withName("fanfare")
            .withNamespace("mail")
            .withKubeVersion("1.31.0");
    values.forEach(template::set);
    var resources = new ArrayList<JsonObject>();
    for (var document :
        new Load(LoadSettings.builder().build()).loadAllFromString(template.call())) {
      if (document != null) {
        resources.add(new Gson().toJsonTree(document).getAsJsonObject());
      }
    }
    return new Chart(resources);
  }

  List<JsonObject> all(String kind) {
    return resources.stream().filter(it -> kind(it).equals(kind)).toList();
  }

  JsonObject one(String kind, String name) {
    return all(kind).stream().filter(it -> name(it).equals(name)).findFirst().orElseThrow();
  }

  static String kind(JsonObject resource) {
    return resource.get("kind").getAsString();
  }

  static String name(JsonObject resource) {
    return resource.getAsJsonObject("metadata").get("name").getAsString();
  }

  /// The element at that path; a number is an index.
  static JsonElement at(JsonElement start, String path) {
    var it = start;
    for (var step : path.split("/", -1)) {
      it =
          it.isJsonArray()
              ? it.getAsJsonArray().get(Integer.parseInt(step))
              : it.getAsJsonObject().get(step);
    }
    return it;
  }

  /// Holds a resource to Kubernetes' own description of its kind: required fields, types, and no
  /// field that there is not.
  ///
  /// @throws IllegalArgumentException naming what is wrong
  static void requireValid(JsonObject resource) {
    var version = resource.get("apiVersion").getAsString();
    var type =
        MODELS
            + version.substring(version.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT)
            + kind(resource);
    try {
      Class.forName(type)
          .getMethod("validateJsonElement", JsonElement.class)
          .invoke(null, resource);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof IllegalArgumentException wrong
          ? wrong
          : new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("Kubernetes has no " + version + " " + kind(resource), e);
    }
  }
}
