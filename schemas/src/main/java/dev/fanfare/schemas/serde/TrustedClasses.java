package dev.fanfare.schemas.serde;

import dev.fanfare.schemas.avro.EmailEvent;
import org.apache.avro.util.ClassSecurityValidator;

/// Avro makes objects only of classes that the application trusts, because a schema from outside
/// may name any class (since 1.12.2). Ours are the generated ones of one package; nothing else is
/// added to what Avro trusts by itself.
///
/// It holds for the whole process. [AvroSerdes] sees to it; only code that copies records with
/// records in them (`newBuilder(other)`) and makes no serdes at all, as a test may, has to itself.
public final class TrustedClasses {
  private static final String OURS = EmailEvent.class.getPackageName();

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> OURS.equals(type.getPackageName())));
  }

  private TrustedClasses() {}

  /// Makes Avro trust our generated classes; further calls do nothing.
  public static void trustOurs() {
    // The work is done once, when this class is initialised.
  }
}
