package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.id.EventId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.payload.EventDefaults;
import dev.fanfare.schemas.payload.EventReader;
import dev.fanfare.schemas.payload.EventReading;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Takes events from the API and puts them where the platform's own arrive. All of a request are
/// checked before any is written. Thread-safe.
public final class EventIntake {
  private static final int MOST_PROBLEMS = 200;

  private final EventReader reader;
  private final RecordWriter writer;
  private final String topic;
  private final InstantSource clock;
  private final Dice dice = new Dice();

  /// @param topic the input topic
  public EventIntake(EventReader reader, RecordWriter writer, String topic, InstantSource clock) {
    this.reader = reader;
    this.writer = writer;
    this.topic = topic;
    this.clock = clock;
  }

  /// One event or an array of them; those without an id get one by chance.
  ///
  /// @param caller bound to a tenant: only its events are taken, and they are its if they do not
  ///   say
  public Acceptance accept(JsonNode oneOrMany, Caller caller) {
    return accept(oneOrMany, caller, dice::eventId);
  }

  /// The same for a request that may come again: those without an id get one derived from the
  /// request, so that what is sent twice has the same ids.
  ///
  /// @param request what makes the request this one, e.g. its idempotency key and content
  public Acceptance accept(JsonNode oneOrMany, Caller caller, ByteBuffer request) {
    var count = new AtomicInteger();
    return accept(oneOrMany, caller, () -> derived(count.getAndIncrement(), request));
  }

  private Acceptance accept(JsonNode oneOrMany, Caller caller, Supplier<EventId> ids) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var defaults = new EventDefaults(caller.tenant().map(TenantId::new), ids, () -> now);
    var events = new ArrayList<EmailEvent>();
    var problems = new ArrayList<RequestProblem>();
    for (var reading : reader.readAll(oneOrMany, defaults)) {
      switch (reading) {
        case EventReading.Read(var event) -> events.add(event);
        case EventReading.Refused(var found) ->
            found.stream()
                .limit(MOST_PROBLEMS - problems.size())
                .forEach(it -> problems.add(new RequestProblem(it.pointer(), it.detail())));
      }
    }
    if (problems.isEmpty() && events.isEmpty()) {
      problems.add(new RequestProblem("", "must hold at least one event"));
    }
    return problems.isEmpty() ? write(events) : new Acceptance.Refused(problems);
  }

  /// Any number of events of one tenant, each for itself: the good ones are written, the others
  /// told.
  public EachAcceptance acceptEach(List<JsonNode> events, TenantId tenant) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var defaults = new EventDefaults(Optional.of(tenant), dice::eventId, () -> now);
    return acceptEach(events.stream().map(it -> reader.read(it, defaults)).toList());
  }

  /// Events that come one after another, each for itself.
  public EventInflow inflow(Caller caller) {
    return new EventInflow(source -> read(source, caller, dice::eventId), this::write);
  }

  /// The same for a request that may come again: events without an id get one derived from it,
  /// their line and what stands there.
  ///
  /// @param request what makes the request this one
  public EventInflow inflow(Caller caller, ByteBuffer request) {
    return new EventInflow(
        source -> read(source, caller, () -> derived(source.line(), request, source.utf8())),
        this::write);
  }

  private EventReading read(EventInflow.Source source, Caller caller, Supplier<EventId> ids) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return reader.read(
        source.json(), new EventDefaults(caller.tenant().map(TenantId::new), ids, () -> now));
  }

  private EachAcceptance acceptEach(List<EventReading> readings) {
    var good = new ArrayList<EmailEvent>();
    var items = new ArrayList<EachAcceptance.Item>();
    for (var reading : readings) {
      items.add(
          switch (reading) {
            case EventReading.Read(var event) -> {
              good.add(event);
              yield new EachAcceptance.Item.Accepted(new EventId(event.getEventId()));
            }
            case EventReading.Refused(var found) ->
                new EachAcceptance.Item.Refused(
                    found.stream()
                        .map(it -> new RequestProblem(it.pointer(), it.detail()))
                        .toList());
          });
    }
    return write(good) instanceof Acceptance.Unavailable(var why)
        ? new EachAcceptance.Unavailable(why)
        : new EachAcceptance.Handled(items);
  }

  private Acceptance write(List<EmailEvent> events) {
    var records = events.stream().map(it -> new Keyed(it.getMessageId(), it)).toList();
    for (var written : writer.write(topic, records)) {
      if (written instanceof Written.Failed(var why)) {
        return new Acceptance.Unavailable(why);
      }
    }
    return new Acceptance.Accepted(
        events.stream().map(it -> new EventId(it.getEventId())).toList());
  }

  private static EventId derived(long index, ByteBuffer... parts) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update((index + "\n").getBytes(UTF_8));
      for (var part : parts) {
        sha.update(part.duplicate());
      }
      return Dice.eventId(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
