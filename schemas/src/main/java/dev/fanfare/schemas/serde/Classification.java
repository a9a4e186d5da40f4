package dev.fanfare.schemas.serde;

import com.fasterxml.jackson.core.JacksonException;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.avro.AvroTypeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// How the exceptions are told apart.
final class Classification {
  private static final int SHOWN = 300;

  /// Begins the message of all that happens while the schema is fetched, as against while the
  /// record is read. Where it does not (another version of the client), the causes' classes decide.
  static final String WHILE_FETCHING = "Error retrieving";

  /// Confluent's codes for a subject, version or schema that does not exist. A bare 404 is none of
  /// them: it comes from something that is no registry, or from a wrong path, and says nothing.
  static final Set<Integer> NOT_FOUND = Set.of(40401, 40402, 40403);

  private Classification() {}

  static DecodeFailure of(RuntimeException thrown) {
    if (!(thrown instanceof SerializationException)) {
      return isKafkas(thrown)
          ? new DecodeFailure.Unreachable(detail(thrown))
          : unusable(DecodeFailure.Reason.UNUSABLE_SCHEMA, thrown);
    }
    return switch (thrown.getCause()) {
      case null -> unusable(DecodeFailure.Reason.NOT_AVRO, thrown);
      case BufferUnderflowException _ -> unusable(DecodeFailure.Reason.NOT_AVRO, thrown);
      case RestClientException answer ->
          NOT_FOUND.contains(answer.getErrorCode())
              ? unusable(DecodeFailure.Reason.UNKNOWN_SCHEMA, thrown)
              : new DecodeFailure.Unreachable(detail(thrown));
      case IOException failure -> ofInputOutput(thrown, failure);
      case AvroTypeException _ -> unusable(DecodeFailure.Reason.INCOMPATIBLE_SCHEMA, thrown);
      default -> unusable(schemaOrRecord(thrown), thrown);
    };
  }

  /// Both the network and Avro's decoder report by `IOException`.
  private static DecodeFailure ofInputOutput(RuntimeException thrown, IOException failure) {
    boolean network =
        failure instanceof SocketException
            || failure instanceof UnknownHostException
            || failure instanceof SSLException
            || failure instanceof JacksonException;
    boolean schema = String.valueOf(failure.getMessage()).startsWith("Invalid schema");
    if (network || (isFetching(thrown) && !schema)) {
      return new DecodeFailure.Unreachable(detail(thrown));
    }
    return unusable(schemaOrRecord(thrown), thrown);
  }

  private static DecodeFailure.Reason schemaOrRecord(RuntimeException thrown) {
    return isFetching(thrown) ? DecodeFailure.Reason.UNUSABLE_SCHEMA : DecodeFailure.Reason.CORRUPT;
  }

  private static boolean isFetching(RuntimeException thrown) {
    return String.valueOf(thrown.getMessage()).startsWith(WHILE_FETCHING);
  }

  private static boolean isKafkas(RuntimeException thrown) {
    return thrown instanceof KafkaException;
  }

  private static DecodeFailure unusable(DecodeFailure.Reason reason, RuntimeException thrown) {
    return new DecodeFailure.Unusable(reason, detail(thrown));
  }

  private static String detail(Throwable thrown) {
    var cause = thrown.getCause();
    return shown(cause == null ? said(thrown) : said(thrown) + ": " + said(cause));
  }

  /// The message of an exception as one bounded line.
  static String line(Throwable thrown) {
    return shown(said(thrown));
  }

  private static String shown(String text) {
    var line = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }

  private static String said(Throwable thrown) {
    @Nullable String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }
}
