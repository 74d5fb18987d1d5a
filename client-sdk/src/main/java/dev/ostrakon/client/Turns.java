package dev.ostrakon.client;

import dev.ostrakon.model.Key;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Who may try next for a contended key: interactive transactions of one loop that have met a
 * conflict over a key go one after the other. Confined to one event loop.
 */
final class Turns {
  /** First the one whose turn it is. */
  private final Map<Key, ArrayDeque<Runnable>> queues = new HashMap<>();

  /** Runs {@code ready} when the key's turn comes, at once if nobody has it. */
  void take(Key key, Runnable ready) {
    ArrayDeque<Runnable> queue = queues.computeIfAbsent(key, ignored -> new ArrayDeque<>());
    queue.add(ready);
    if (queue.size() == 1) {
      ready.run();
    }
  }

  /** Ends a turn, or gives up waiting for it; the next one's begins. */
  void leave(Key key, Runnable ready) {
    ArrayDeque<Runnable> queue = queues.get(key);
    if (queue == null) {
      return;
    }
    boolean hadTurn = queue.peek() == ready;
    queue.remove(ready);
    Runnable next = queue.peek();
    if (next == null) {
      queues.remove(key);
    } else if (hadTurn) {
      next.run();
    }
  }

  /** Whether somebody else has the turn. */
  boolean isOthers(Key key, Runnable mine) {
    ArrayDeque<Runnable> queue = queues.get(key);
    return queue != null && queue.peek() != mine;
  }

  boolean isEmpty() {
    return queues.isEmpty();
  }
}
