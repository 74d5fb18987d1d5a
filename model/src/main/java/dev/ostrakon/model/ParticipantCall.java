package dev.ostrakon.model;

import dev.ostrakon.hlc.HybridTimestamp;
import java.util.List;

/**
 * What a coordinator asks of one participant's leader. Each call may be repeated, arrive twice or
 * arrive late; each is answered by at most one {@link ParticipantAnswer}.
 */
public sealed interface ParticipantCall {
  /** The case, for exhaustive switches. */
  Kind kind();

  /** The cases. */
  enum Kind {
    ORDER,
    REFUSE,
    FINALISE,
    AWAIT,
    APPLY,
    FORGET,
    READ;

    /**
     * Whether it brings earlier work to its end, for which others may wait: so it must not wait for
     * room that those others take.
     */
    public boolean settles() {
      return switch (this) {
        case FINALISE, REFUSE, APPLY, FORGET -> true;
        case ORDER, AWAIT, READ -> false;
      };
    }
  }

  /**
   * The fragment is to take its place in the order. Answered with the status at once, ready or not.
   *
   * @param request its transaction is the fragment of the participant
   * @param proposed {@code t0}, what the coordinator's clock proposes
   * @param participants all groups of the transaction, ascending
   * @param configuration the number of the configuration by which it was cut into fragments: those
   *     of different configurations do not fit together
   * @param isReadOnly whether the whole transaction only reads: then the fragment is dropped with
   *     APPLY, or when it has been pending for too long, and nothing is remembered of it
   */
  record Order(
      Request request,
      HybridTimestamp proposed,
      List<GroupId> participants,
      long configuration,
      boolean isReadOnly)
      implements ParticipantCall {
    /** Copies the list. */
    public Order {
      participants = List.copyOf(participants);
    }

    /** Of a transaction that may write. */
    public Order(
        Request request, HybridTimestamp proposed, List<GroupId> participants, long configuration) {
      this(request, proposed, participants, configuration, false);
    }

    /** Without a configuration. */
    public Order(Request request, HybridTimestamp proposed, List<GroupId> participants) {
      this(request, proposed, participants, 0);
    }

    @Override
    public Kind kind() {
      return Kind.ORDER;
    }
  }

  /** Order-or-refuse of a recovery: one that knows the id reports, one that does not refuses it. */
  record Refuse(TxnId txn, HybridTimestamp issuedAt) implements ParticipantCall {
    @Override
    public Kind kind() {
      return Kind.REFUSE;
    }
  }

  /** The transaction's timestamp is this one. Answered with the status at once, ready or not. */
  record Finalise(TxnId txn, HybridTimestamp timestamp) implements ParticipantCall {
    @Override
    public Kind kind() {
      return Kind.FINALISE;
    }
  }

  /**
   * Answered with the status as soon as it is anything but waiting, and with whatever it is just
   * before the deadline of the call. Nothing is logged.
   *
   * @param timestamp ready at less than this does not count
   */
  record Await(TxnId txn, HybridTimestamp timestamp) implements ParticipantCall {
    @Override
    public Kind kind() {
      return Kind.AWAIT;
    }
  }

  /**
   * The outcome was decided and is to be carried out. Answered with the status.
   *
   * @param timestamp the final timestamp; of no meaning if the outcome is an abort
   */
  record Apply(TxnId txn, HybridTimestamp timestamp, TxnOutcome outcome)
      implements ParticipantCall {
    @Override
    public Kind kind() {
      return Kind.APPLY;
    }
  }

  /** Every participant has applied these. Answered with {@link ParticipantAnswer.Done}. */
  record Forget(List<TxnId> txns) implements ParticipantCall {
    /** Copies the list. */
    public Forget {
      txns = List.copyOf(txns);
    }

    @Override
    public Kind kind() {
      return Kind.FORGET;
    }
  }

  /**
   * One round of a double read: the fragment, which only reads, is looked at under the rules of
   * reads. Nothing is logged. Answered with {@link ParticipantAnswer.Seen}.
   */
  record Read(Transaction fragment) implements ParticipantCall {
    @Override
    public Kind kind() {
      return Kind.READ;
    }
  }
}
