package dev.ostrakon.replica;

import dev.ostrakon.raft.Envelope;
import dev.ostrakon.raft.Ready;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the messages that must not leave before a log write is durable, in the order of their
 * Readys.
 *
 * <p>Invariant: a message leaves only after the write of its Ready and those of all earlier Readys
 * are durable.
 */
final class PersistQueue {

  private static final class Slot {
    final long readyNumber;
    final List<Envelope> messages;
    boolean durable;

    Slot(Ready ready, boolean durable) {
      this.readyNumber = ready.number();
      this.messages = ready.messagesAfterPersist();
      this.durable = durable;
    }
  }

  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private final Consumer<Envelope> sender;

  PersistQueue(Consumer<Envelope> sender) {
    this.sender = sender;
  }

  /** Enters a Ready; one with nothing to write is durable as soon as its predecessors are. */
  void add(Ready ready) {
    boolean nothingToWrite = ready.logWrite().isEmpty();
    if (nothingToWrite && ready.messagesAfterPersist().isEmpty()) {
      return;
    }
    slots.addLast(new Slot(ready, nothingToWrite));
    release();
  }

  void onDurable(long readyNumber) {
    for (Slot slot : slots) {
      if (slot.readyNumber > readyNumber) {
        break;
      }
      slot.durable = true;
    }
    release();
  }

  private void release() {
    while (!slots.isEmpty() && slots.peekFirst().durable) {
      slots.removeFirst().messages.forEach(sender);
    }
  }
}
