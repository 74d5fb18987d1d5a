package dev.ostrakon.txn;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.TxnId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * PROTOCOL.md, "The coordinator", 3: FORGET lazily. Gathers finished transactions by group. What is
 * lost here does no harm: a participant that is never told asks for a recovery, which tells it.
 */
final class Forgets {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int FAILURES_MAX = 8;

  private static final class Queue {
    final ArrayDeque<TxnId> waiting = new ArrayDeque<>();
    long dueNanos;
    int failures;
    boolean isAsking;
  }

  private final CoordinatorConfig config;
  private final Courier courier;
  private final SortedMap<GroupId, Queue> queues = new TreeMap<>();

  Forgets(CoordinatorConfig config, Courier courier) {
    this.config = config;
    this.courier = courier;
  }

  int size() {
    return queues.values().stream().mapToInt(queue -> queue.waiting.size()).sum();
  }

  void add(GroupId group, TxnId txn) {
    Queue queue = queues.computeIfAbsent(group, ignored -> new Queue());
    if (queue.waiting.isEmpty()) {
      queue.dueNanos = courier.nowNanos() + config.forgetMillis() * NANOS_PER_MILLI;
    }
    if (queue.waiting.size() < config.forgetsMax()) {
      queue.waiting.add(txn);
    }
    if (queue.waiting.size() == config.forgetBatchMax()) {
      maybeAsk(group, queue);
    }
  }

  void tick() {
    long now = courier.nowNanos();
    List<GroupId> due = new ArrayList<>();
    queues.forEach(
        (group, queue) -> {
          if (!queue.waiting.isEmpty() && queue.dueNanos - now <= 0) {
            due.add(group);
          }
        });
    due.forEach(group -> maybeAsk(group, queues.computeIfAbsent(group, ignored -> new Queue())));
    queues.values().removeIf(queue -> queue.waiting.isEmpty() && !queue.isAsking);
  }

  void stop() {
    queues.clear();
  }

  private void maybeAsk(GroupId group, Queue queue) {
    if (queue.isAsking) {
      return;
    }
    List<TxnId> batch = new ArrayList<>();
    while (batch.size() < config.forgetBatchMax() && !queue.waiting.isEmpty()) {
      batch.add(queue.waiting.removeFirst());
    }
    queue.isAsking = true;
    courier.ask(
        new Effect.Ask(group, 0, new ParticipantCall.Forget(batch)),
        answer -> onAnswer(queue, batch, answer));
  }

  private void onAnswer(Queue queue, List<TxnId> batch, ParticipantAnswer answer) {
    queue.isAsking = false;
    queue.dueNanos = courier.nowNanos() + config.forgetMillis() * NANOS_PER_MILLI;
    if (answer instanceof ParticipantAnswer.Done) {
      queue.failures = 0;
      return;
    }
    queue.failures++;
    if (queue.failures > FAILURES_MAX) {
      queue.failures = 0;
    } else {
      for (int i = batch.size() - 1; i >= 0 && queue.waiting.size() < config.forgetsMax(); i--) {
        queue.waiting.addFirst(batch.get(i));
      }
    }
  }
}
