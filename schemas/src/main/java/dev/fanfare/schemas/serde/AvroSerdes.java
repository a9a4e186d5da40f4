package dev.fanfare.schemas.serde;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// Makes serializers and deserializers for one registry. Thread-safe; what it makes is as safe as
/// Kafka's own (one user at a time).
public final class AvroSerdes {
  private final Map<String, Object> configuration;

  public AvroSerdes(RegistrySettings registry) {
    var all = new HashMap<String, Object>(registry.properties());
    all.put("specific.avro.reader", true);
    all.put("avro.use.logical.type.converters", true);
    this.configuration = Map.copyOf(all);
  }

  /// A serializer under the subject `<topic>-value`.
  public <V extends SpecificRecord> Serializer<V> serializer() {
    return valueSerializer(configuration);
  }

  /// A serializer under the subject `<topic>-<record>`, for a topic that holds several types.
  public Serializer<SpecificRecord> serializerByRecord() {
    var byRecord = new HashMap<>(configuration);
    byRecord.put(
        "value.subject.name.strategy",
        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
    return valueSerializer(byRecord);
  }

  /// A deserializer that reads whatever compatible schema the producer wrote into ours, so that a
  /// producer may use its own name and namespace for the record.
  public <V extends SpecificRecord> Deserializer<V> deserializer(Class<V> value) {
    var inner = new KafkaAvroDeserializer();
    inner.configure(configuration, false);
    return new ReaderSchemaDeserializer<>(inner, value, schemaOf(value));
  }

  private static <V extends SpecificRecord> Serializer<V> valueSerializer(
      Map<String, Object> with) {
    var inner = new KafkaAvroSerializer();
    inner.configure(with, false);
    return new Serializer<>() {
      @Override
      public byte[] serialize(String topic, V value) {
        return inner.serialize(topic, value);
      }

      @Override
      public void close() {
        inner.close();
      }
    };
  }

  private static Schema schemaOf(Class<?> value) {
    return SpecificData.get().getSchema(value);
  }

  private record ReaderSchemaDeserializer<V extends SpecificRecord>(
      KafkaAvroDeserializer inner, Class<V> value, Schema schema) implements Deserializer<V> {
    @Override
    public V deserialize(String topic, byte[] data) {
      return value.cast(inner.deserialize(topic, data, schema));
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
