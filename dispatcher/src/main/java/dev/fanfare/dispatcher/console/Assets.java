package dev.fanfare.dispatcher.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The files of the page. Which there are, the modules themselves say by what they import, from
/// `app.js` on; what nothing imports is not served.
///
/// Third parties' modules come out of their webjars. They import one another by bare names, which a
/// browser finds by an import map only; that would be an inline script, so the names are made
/// relative here.
final class Assets {
  private static final String HOME = "/dev/fanfare/dispatcher/console/";
  private static final String ENTRY = "app.js";
  private static final List<String> OTHERS = List.of("theme.js", "icon.svg");
  private static final List<String> STYLES =
      List.of(
          "style/base.css",
          "style/parts.css",
          "style/pages.css",
          "style/views.css",
          "vendor/uplot.css");
  private static final Pattern IMPORT = Pattern.compile("(?:from|import) ?\"(\\.[^\"]+)\"");
  private static final Pattern SOURCE_MAP = Pattern.compile("(?m)^//# sourceMappingURL=.*$");

  /// Name here, webjar, path inside it.
  private enum Vendor {
    PREACT("vendor/preact.js", "preact", "dist/preact.module.js"),
    HOOKS("vendor/hooks.js", "preact", "hooks/dist/hooks.module.js"),
    UPLOT("vendor/uplot.js", "uplot", "dist/uPlot.esm.js"),
    UPLOT_CSS("vendor/uplot.css", "uplot", "dist/uPlot.min.css");

    private final String path;
    private final String webjar;
    private final String inside;

    Vendor(String path, String webjar, String inside) {
      this.path = path;
      this.webjar = webjar;
      this.inside = inside;
    }
  }

  private final TreeMap<String, Asset> assets = new TreeMap<>();
  private final List<String> modules;
  private final String version;

  private Assets() {
    addModule(ENTRY);
    this.modules = List.copyOf(assets.keySet());
    OTHERS.forEach(path -> add(path, source(path)));
    STYLES.forEach(path -> add(path, source(path)));
    var all = new StringBuilder();
    assets.forEach((path, asset) -> all.append(path).append(asset.digest()));
    var digest = Asset.sha256(all.toString().getBytes(UTF_8));
    this.version = HexFormat.of().formatHex(digest, 0, 8);
  }

  /// @throws IllegalStateException if one is missing from the class path
  static Assets load() {
    return new Assets();
  }

  /// Changes whenever one of the files does; part of their addresses, which so stay true for ever.
  String version() {
    return version;
  }

  /// Every module, for a browser to fetch at once instead of one import after another.
  List<String> modules() {
    return modules;
  }

  List<String> styles() {
    return STYLES;
  }

  Optional<Asset> find(String path) {
    return Optional.ofNullable(assets.get(path));
  }

  private void addModule(String path) {
    if (assets.containsKey(path)) {
      return;
    }
    var text = new String(source(path), UTF_8);
    add(path, text.getBytes(UTF_8));
    var imports = IMPORT.matcher(text);
    while (imports.find()) {
      addModule(URI.create(path).resolve(imports.group(1)).getPath());
    }
  }

  private void add(String path, byte[] content) {
    assets.put(path, new Asset(mediaType(path), content));
  }

  private static byte[] source(String path) {
    for (var vendor : Vendor.values()) {
      if (vendor.path.equals(path)) {
        return vendored(vendor);
      }
    }
    return bytes(HOME + path);
  }

  private static byte[] vendored(Vendor vendor) {
    var home = "/META-INF/resources/webjars/" + vendor.webjar + "/" + version(vendor.webjar) + "/";
    var text = new String(bytes(home + vendor.inside), UTF_8);
    text = SOURCE_MAP.matcher(text).replaceAll(""); // the maps are not served
    return text.replace("from\"preact\"", "from\"./preact.js\"").getBytes(UTF_8);
  }

  /// What the webjar's own description says, so that the version stands in the pom only.
  private static String version(String webjar) {
    var properties = new Properties();
    var path = "/META-INF/maven/org.webjars.npm/" + webjar + "/pom.properties";
    try (var in = open(path)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("can't read " + path, e);
    }
    return properties.getProperty("version");
  }

  private static byte[] bytes(String path) {
    try (var in = open(path)) {
      var out = new ByteArrayOutputStream();
      var _ = in.transferTo(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("can't read " + path, e);
    }
  }

  private static InputStream open(String path) {
    var in = Assets.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException("the class path lacks " + path);
    }
    return in;
  }

  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private static String mediaType(String path) {
    var type = MEDIA_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("nobody knows what " + path + " is");
    }
    return type;
  }
}
