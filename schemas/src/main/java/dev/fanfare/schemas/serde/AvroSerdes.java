package dev.fanfare.schemas.serde;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.BufferUnderflowException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Makes serializers and deserializers for one registry: Confluent's wire format (a zero byte, the
/// schema's id in four, the record) and conventions, all its settings passed through. Thread-safe;
/// what it makes is as safe as Kafka's own (one user at a time).
///
/// What goes wrong in a deserializer is thrown, as Kafka wants it; [DecodeFailure] tells what it
/// means.
public final class AvroSerdes {
  private static final String SUBJECT_STRATEGY = "value.subject.name.strategy";
  private static final String BY_TOPIC_AND_RECORD =
      "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy";
  private static final String REMOVE_JAVA_PROPERTIES = "avro.remove.java.properties";

  private final Map<String, Object> configuration;

  public AvroSerdes(RegistrySettings registry) {
    TrustedClasses.trustOurs();
    var all = new HashMap<String, Object>();
    // Registered as the .avsc says it, so that a schema registered by hand is the same schema.
    all.put(REMOVE_JAVA_PROPERTIES, true);
    all.putAll(registry.properties());
    all.put("specific.avro.reader", true);
    all.put("avro.use.logical.type.converters", true);
    this.configuration = Map.copyOf(all);
  }

  /// A serializer under the subject `<topic>-value`, unless the settings name another strategy.
  public <V extends SpecificRecord> Serializer<V> serializer() {
    return valueSerializer(configuration);
  }

  /// A serializer under the subject `<topic>-<record>`, for a topic that holds several types.
  public Serializer<SpecificRecord> serializerByRecord() {
    return valueSerializer(byRecord());
  }

  /// A deserializer that reads whatever compatible schema the producer wrote into ours, so that a
  /// producer may use its own name and namespace for the record.
  public <V extends SpecificRecord> Deserializer<V> deserializer(Class<V> value) {
    var inner = new KafkaAvroDeserializer();
    inner.configure(configuration, false);
    return new RecordDeserializer<>(inner, value, SpecificData.get().getSchema(value), Set.of());
  }

  /// A deserializer for a topic that holds several types of ours; any other is refused.
  public Deserializer<SpecificRecord> deserializerByRecord(
      Set<Class<? extends SpecificRecord>> values) {
    var inner = new KafkaAvroDeserializer();
    inner.configure(byRecord(), false);
    return new RecordDeserializer<>(inner, SpecificRecord.class, null, Set.copyOf(values));
  }

  private Map<String, Object> byRecord() {
    var with = new HashMap<>(configuration);
    with.put(SUBJECT_STRATEGY, BY_TOPIC_AND_RECORD);
    return with;
  }

  private static <V extends SpecificRecord> Serializer<V> valueSerializer(
      Map<String, Object> with) {
    var inner = new KafkaAvroSerializer();
    inner.configure(with, false);
    return new RecordSerializer<>(inner);
  }

  private record RecordSerializer<V extends SpecificRecord>(KafkaAvroSerializer inner)
      implements Serializer<V> {
    @Override
    public byte[] serialize(String topic, V value) {
      return inner.serialize(topic, value);
    }

    @Override
    public byte[] serialize(String topic, Headers headers, V value) {
      return inner.serialize(topic, headers, value);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /// @param schema what is read into; null for the class that the writer's schema names
  /// @param allowed the classes that may come out; any when empty
  private record RecordDeserializer<V extends SpecificRecord>(
      KafkaAvroDeserializer inner,
      Class<V> value,
      @Nullable Schema schema,
      Set<Class<? extends SpecificRecord>> allowed)
      implements Deserializer<V> {
    @Override
    public V deserialize(String topic, byte[] data) {
      return deserialize(topic, new RecordHeaders(), data);
    }

    @Override
    public V deserialize(String topic, Headers headers, byte[] data) {
      var read = read(topic, headers, data);
      if (read != null && !allowed.isEmpty() && !allowed.contains(read.getClass())) {
        throw new SerializationException(
            "a record of " + read.getClass().getName() + " does not belong on " + topic);
      }
      try {
        return value.cast(read);
      } catch (ClassCastException e) {
        throw new SerializationException("not a record", e);
      }
    }

    private Object read(String topic, Headers headers, byte[] data) {
      try {
        return inner.deserialize(topic, headers, data, schema);
      } catch (BufferUnderflowException e) {
        throw new SerializationException("shorter than the five bytes of Confluent's framing", e);
      } catch (IllegalStateException e) { // a schema of a kind that the client cannot parse
        throw new SerializationException(Classification.WHILE_FETCHING + " an Avro schema", e);
      }
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
