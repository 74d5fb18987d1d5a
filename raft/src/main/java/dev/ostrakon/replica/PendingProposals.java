package dev.ostrakon.replica;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.LogEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** The proposals of the present leadership that wait for their result, in log order. Bounded. */
final class PendingProposals<R> {

  private record Pending<R>(
      EntryId entry, long deadlineNanos, Consumer<ProposalOutcome<R>> listener) {}

  private final int capacity;
  private final ArrayDeque<Pending<R>> pending = new ArrayDeque<>();

  PendingProposals(int capacity) {
    this.capacity = capacity;
  }

  boolean isFull() {
    return pending.size() >= capacity;
  }

  void add(EntryId entry, long deadlineNanos, Consumer<ProposalOutcome<R>> listener) {
    pending.addLast(new Pending<>(entry, deadlineNanos, listener));
  }

  /** Answers the proposal that became this entry, if there is one. */
  void onApplied(LogEntry entry, R result) {
    while (!pending.isEmpty() && pending.peekFirst().entry().index() <= entry.index()) {
      Pending<R> first = pending.removeFirst();
      boolean same = first.entry().index() == entry.index() && first.entry().term() == entry.term();
      // An index that passed without its proposal cannot happen while the leadership lasts; should
      // it, "unknown" is the answer that is never wrong.
      first.listener().accept(same ? applied(first, result) : new ProposalOutcome.Unknown<>());
    }
  }

  private static <R> ProposalOutcome<R> applied(Pending<R> proposal, R result) {
    return new ProposalOutcome.Applied<>(proposal.entry(), result);
  }

  /** Ends those whose deadline has passed; their entries may still be applied later. */
  void expire(long nowNanos) {
    List<Pending<R>> expired = new ArrayList<>();
    for (Iterator<Pending<R>> all = pending.iterator(); all.hasNext(); ) {
      Pending<R> candidate = all.next();
      if (nowNanos - candidate.deadlineNanos() >= 0) {
        all.remove();
        expired.add(candidate);
      }
    }
    expired.forEach(one -> one.listener().accept(new ProposalOutcome.Unknown<>()));
  }

  /** Ends all: leadership was lost or the replica stops. */
  void abandon() {
    while (!pending.isEmpty()) {
      pending.removeFirst().listener().accept(new ProposalOutcome.Unknown<>());
    }
  }
}
