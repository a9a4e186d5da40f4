package dev.fanfare.dispatcher.log.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/// Asks every partition where it lives:
///
/// ```
/// here ─▶ at the instance that keeps it up to date ─▶ a copy elsewhere ─▶ a copy here
/// ```
///
/// Where partitions live may have changed since it was last heard of, so whoever answers says
/// whether its part is current. Where none is, what a copy has is better than nothing, and the
/// partition is missing all the same.
final class Everywhere {
  private final Shelves shelves;
  private final Answers answers;
  private final @Nullable Peers peers;

  /// @param peers null when other instances can't be asked
  Everywhere(Shelves shelves, Answers answers, @Nullable Peers peers) {
    this.shelves = shelves;
    this.answers = answers;
    this.peers = peers;
  }

  /// @param missing partitions without a current part
  record Answer(List<Part> parts, Set<Integer> missing) {
    Answer {
      parts = List.copyOf(parts);
    }
  }

  /// One part of each partition, the best that was told.
  private static final class Told {
    private final Set<Integer> all;
    private final Map<Integer, Part> parts = new TreeMap<>();

    Told(Set<Integer> all) {
      this.all = all;
    }

    void take(List<Part> some) {
      for (var part : some) {
        if (all.contains(part.partition())) {
          parts.merge(
              part.partition(), part, (was, is) -> is.current() && !was.current() ? is : was);
        }
      }
    }

    /// Those without a current part.
    Set<Integer> missing() {
      return without(part -> !part.current());
    }

    /// Those without any part.
    Set<Integer> unknown() {
      return without(_ -> false);
    }

    private Set<Integer> without(Predicate<Part> bad) {
      var left = new TreeSet<Integer>();
      for (var partition : all) {
        var part = parts.get(partition);
        if (part == null || bad.test(part)) {
          left.add(partition);
        }
      }
      return left;
    }

    Answer answer() {
      return new Answer(List.copyOf(parts.values()), missing());
    }
  }

  Answer ask(Question question) {
    var told = new Told(shelves.all());
    told.take(answers.live(question, told.all));
    if (peers != null && !told.missing().isEmpty()) {
      var elsewhere = shelves.elsewhere();
      askPeers(question, elsewhere.active(), told.missing(), told);
      if (!(question instanceof Question.Purge)) {
        askPeers(question, elsewhere.standby(), told.unknown(), told);
      }
    }
    told.take(answers.copies(question, told.unknown()));
    return told.answer();
  }

  private void askPeers(
      Question question, Map<HostInfo, Set<Integer>> where, Set<Integer> left, Told told) {
    var calls = new ArrayList<Callable<List<Part>>>();
    wanted(where, left)
        .forEach((peer, partitions) ->
            calls.add(() -> ask(peer, question, partitions).orElse(List.of())));
    if (calls.isEmpty()) {
      return;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : threads.invokeAll(calls)) {
        told.take(call.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking a peer does not throw", e.getCause());
    }
  }

  private Optional<List<Part>> ask(HostInfo peer, Question question, Set<Integer> partitions) {
    return peers == null ? Optional.empty() : peers.ask(peer, question, partitions);
  }

  private static Map<HostInfo, Set<Integer>> wanted(
      Map<HostInfo, Set<Integer>> where, Set<Integer> left) {
    var wanted = new HashMap<HostInfo, Set<Integer>>();
    where.forEach((peer, partitions) -> {
      var both = new TreeSet<>(partitions);
      both.retainAll(left);
      if (!both.isEmpty()) {
        wanted.put(peer, both);
      }
    });
    return wanted;
  }

  /// A peer has looked up where a partition lives and may be wrong.
  byte[] answerPeer(byte[] asked) {
    var read = Asked.read(asked);
    var told = new Told(read.partitions());
    told.take(answers.live(read.question(), told.all));
    told.take(answers.copies(read.question(), told.unknown()));
    return Part.write(told.answer().parts());
  }
}
