package dev.fanfare.dispatcher.fanout;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// Reads events and writes deliveries; for one user at a time.
record EventCodec(Deserializer<EmailEvent> events, Serializer<Delivery> deliveries) {

  /// Codecs that outlive the tasks that use them, and so keep what they have learnt from the
  /// registry: it may be away when a thread is replaced or partitions move. Thread-safe.
  static final class Pool implements AutoCloseable {
    private final AvroSerdes serdes;
    private final ConcurrentLinkedDeque<EventCodec> free = new ConcurrentLinkedDeque<>();
    private final List<EventCodec> all = new ArrayList<>();

    Pool(AvroSerdes serdes) {
      this.serdes = serdes;
    }

    EventCodec borrow() {
      var known = free.pollFirst();
      return known == null ? make() : known;
    }

    private synchronized EventCodec make() {
      var made = new EventCodec(serdes.deserializer(EmailEvent.class), serdes.serializer());
      all.add(made);
      return made;
    }

    void giveBack(EventCodec codec) {
      free.addFirst(codec);
    }

    /// To be called when nobody uses one any more.
    @Override
    public synchronized void close() {
      for (var codec : all) {
        codec.events().close();
        codec.deliveries().close();
      }
    }
  }
}
