package dev.fanfare.dispatcher.console;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// One file of the page, as it is and compressed.
final class Asset {
  private static final String GZIP = "gzip";

  private final String mediaType;
  private final ByteBuffer plain;
  private final ByteBuffer compressed;
  private final String digest;

  Asset(String mediaType, byte[] content) {
    this.mediaType = mediaType;
    this.plain = ByteBuffer.wrap(content).asReadOnlyBuffer();
    this.compressed = ByteBuffer.wrap(gzip(content)).asReadOnlyBuffer();
    this.digest = HexFormat.of().formatHex(sha256(content), 0, 8);
  }

  /// Names this very content.
  String digest() {
    return digest;
  }

  /// 304 to who has it already.
  ///
  /// @param caching what `Cache-Control` says
  Answer answer(Call call, String caching) {
    boolean small = takesGzip(call);
    var tag = '"' + digest + (small ? "-gz" : "") + '"';
    var headers =
        Map.of(
            "ETag",
            tag,
            "Cache-Control",
            caching,
            "Vary",
            "Accept-Encoding",
            "Cross-Origin-Resource-Policy",
            "same-origin");
    if (has(call, tag)) {
      return new Answer(304, "", ByteBuffer.allocate(0), headers);
    }
    var answer = new Answer(200, mediaType, small ? compressed : plain, headers);
    return small ? answer.with("Content-Encoding", GZIP) : answer;
  }

  private static boolean has(Call call, String tag) {
    return call.header("if-none-match").stream()
        .flatMap(header -> Arrays.stream(header.split(",")))
        .map(String::strip)
        .anyMatch(known -> known.equals("*") || known.replaceFirst("^W/", "").equals(tag));
  }

  private static boolean takesGzip(Call call) {
    return Arrays.stream(call.header("accept-encoding").orElse("").split(","))
        .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
        .anyMatch(coding -> coding.equals(GZIP) || coding.matches("gzip;q=(1|0?\\.0*[1-9]).*"));
  }

  private static byte[] gzip(byte[] content) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written", e);
    }
    return out.toByteArray();
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
