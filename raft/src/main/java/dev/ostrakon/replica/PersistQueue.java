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
 * are durable. A message may be dropped instead, when a disk that hangs lets too many wait.
 */
final class PersistQueue {

  private static final class Slot {
    final long readyNumber;
    final List<Envelope> messages;
    boolean durable;

    Slot(Ready ready, List<Envelope> messages, boolean durable) {
      this.readyNumber = ready.number();
      this.messages = messages;
      this.durable = durable;
    }
  }

  /** Messages that may wait; further ones are dropped, as if the network had lost them. */
  static final int MESSAGES_MAX = 4_096;

  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private final Consumer<Envelope> sender;
  private int messageCount;

  PersistQueue(Consumer<Envelope> sender) {
    this.sender = sender;
  }

  /** Enters a Ready; one with nothing to write is durable as soon as its predecessors are. */
  void add(Ready ready) {
    boolean nothingToWrite = ready.logWrite().isEmpty();
    if (nothingToWrite && ready.messagesAfterPersist().isEmpty()) {
      return;
    }
    boolean isFull = messageCount + ready.messagesAfterPersist().size() > MESSAGES_MAX;
    if (isFull && nothingToWrite) {
      return;
    }
    Slot slot = new Slot(ready, isFull ? List.of() : ready.messagesAfterPersist(), nothingToWrite);
    messageCount += slot.messages.size();
    slots.addLast(slot);
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
      Slot slot = slots.removeFirst();
      messageCount -= slot.messages.size();
      slot.messages.forEach(sender);
    }
  }
}
