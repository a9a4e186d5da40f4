package dev.fanfare.dispatcher.log.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/// Asks every partition where it lives:
///
/// ```
/// here ─▶ at the instance that keeps it up to date ─▶ a copy elsewhere ─▶ a copy here ─▶ missing
/// ```
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

  /// @param missing partitions without a part
  record Answer(List<Part> parts, Set<Integer> missing) {}

  Answer ask(Question question) {
    var left = new TreeSet<>(shelves.all());
    var parts = new ArrayList<Part>();
    take(answers.live(question, left), left, parts);
    if (!left.isEmpty() && peers != null) {
      var elsewhere = shelves.elsewhere();
      askPeers(question, elsewhere.active(), left, parts);
      if (!left.isEmpty() && !(question instanceof Question.Purge)) {
        askPeers(question, elsewhere.standby(), left, parts);
      }
    }
    if (!left.isEmpty()) {
      take(answers.copies(question, left), left, parts);
    }
    return new Answer(parts, left);
  }

  private static void take(List<Part> some, Set<Integer> left, List<Part> parts) {
    for (var part : some) {
      if (left.remove(part.partition())) {
        parts.add(part);
      }
    }
  }

  private void askPeers(
      Question question, Map<HostInfo, Set<Integer>> where, Set<Integer> left, List<Part> parts) {
    var calls = new ArrayList<Callable<List<Part>>>();
    wanted(where, left)
        .forEach((peer, partitions) ->
            calls.add(() -> ask(peer, question, partitions).orElse(List.of())));
    if (calls.isEmpty()) {
      return;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : threads.invokeAll(calls)) {
        take(call.get(), left, parts);
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

  /// A peer has looked up where a partition lives and may be wrong: what is here only as a copy is
  /// better than nothing.
  byte[] answerPeer(byte[] asked) {
    var read = Asked.read(asked);
    var left = new TreeSet<>(read.partitions());
    var parts = new ArrayList<Part>();
    take(answers.live(read.question(), left), left, parts);
    if (!left.isEmpty()) {
      take(answers.copies(read.question(), left), left, parts);
    }
    return Part.write(parts);
  }
}
