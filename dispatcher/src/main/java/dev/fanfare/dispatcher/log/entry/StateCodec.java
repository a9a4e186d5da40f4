package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.dispatcher.log.entry.DeliveryState.Last;
import dev.fanfare.dispatcher.log.entry.DeliveryState.Names;
import dev.fanfare.dispatcher.log.ledger.Place;
import java.util.Optional;
import java.util.stream.Stream;

/// A [DeliveryState] as bytes, and the few bytes that stand for an open one in the list of those.
/// The first byte is the version of the form.
public final class StateCodec {
  private static final int VERSION = 1;

  private StateCodec() {}

  public static byte[] write(DeliveryState state) {
    var names = state.names();
    var out =
        new WireWriter()
            .one(VERSION)
            .text(names.deliveryId())
            .text(names.eventId())
            .text(names.subscriptionId())
            .text(names.tenant())
            .text(names.type())
            .text(names.messageId())
            .text(names.recipient())
            .maybe(names.replayId().orElse(null))
            .maybe(names.originId().orElse(null))
            .number(state.createdAt())
            .number(state.updatedAt())
            .number(state.expiresAt())
            .flag(state.opened())
            .one(state.status().code())
            .number(state.attempts())
            .number(state.last().status())
            .maybe(state.last().error().orElse(null))
            .maybe(state.last().reason().orElse(null))
            .number(state.bytes())
            .flag(state.place().isPresent());
    state.place().ifPresent(place -> place(out, place));
    return out.toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static DeliveryState read(byte[] bytes) {
    var in = new WireReader(bytes);
    requireVersion(in);
    var names =
        new Names(
            in.text(),
            in.text(),
            in.text(),
            in.text(),
            in.text(),
            in.text(),
            in.text(),
            in.maybe(),
            in.maybe());
    long created = in.number();
    long updated = in.number();
    long expires = in.number();
    boolean opened = in.flag();
    var status = status(in);
    int attempts = (int) in.number();
    var last = new Last((int) in.number(), in.maybe(), in.maybe());
    long size = in.number();
    Optional<Place> place = in.flag() ? Optional.of(place(in)) : Optional.empty();
    return new DeliveryState(
        names, created, updated, expires, opened, status, attempts, place, last, size);
  }

  /// An open delivery, as far as it has to be known to find and to judge it.
  public record Open(String subscriptionId, String tenant, DeliveryStatus status, Place place) {}

  /// @throws java.util.NoSuchElementException if it is not open
  public static byte[] writeOpen(DeliveryState state) {
    var out =
        new WireWriter()
            .one(VERSION)
            .text(state.names().subscriptionId())
            .text(state.names().tenant())
            .one(state.status().code());
    place(out, state.place().orElseThrow());
    return out.toBytes();
  }

  public static Open readOpen(byte[] bytes) {
    var in = new WireReader(bytes);
    requireVersion(in);
    return new Open(in.text(), in.text(), status(in), place(in));
  }

  private static void place(WireWriter out, Place place) {
    out.one(place.kind().code())
        .text(place.rung())
        .number(place.dueAt())
        .number(place.offset())
        .number(place.seenAt());
  }

  private static Place place(WireReader in) {
    return new Place(kind(in), in.text(), in.number(), in.number(), in.number());
  }

  private static void requireVersion(WireReader in) {
    int version = in.one();
    if (version != VERSION) {
      throw new IllegalArgumentException("written by another version: " + version);
    }
  }

  private static DeliveryStatus status(WireReader in) {
    char code = (char) in.one();
    return Stream.of(DeliveryStatus.values())
        .filter(it -> it.code() == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such status: " + code));
  }

  private static Place.Kind kind(WireReader in) {
    char code = (char) in.one();
    return Stream.of(Place.Kind.values())
        .filter(it -> it.code() == code)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such place: " + code));
  }
}
