package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import java.util.List;

/** One entry of PROTOCOL.md. Everything that it means happens when it is applied. */
public sealed interface Command {
  /** The case, for exhaustive switches. */
  Kind kind();

  /** The cases. The codes are part of the log format and never change. */
  enum Kind {
    EXECUTE(1),
    ORDER(2),
    FINALISE(3),
    REFUSE(4),
    APPLY(5),
    FORGET(6),
    ADOPT(7),
    ACKNOWLEDGE(8);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The stable code of the case. */
    public int code() {
      return code;
    }
  }

  /** A request that lies wholly inside the group. */
  record Execute(Request request) implements Command {
    @Override
    public Kind kind() {
      return Kind.EXECUTE;
    }
  }

  /**
   * A fragment of a transaction over several groups is to take its place in the order.
   *
   * @param request its transaction is the fragment of this group
   * @param proposed {@code t0}, what the coordinator's clock proposes
   * @param participants all groups of the transaction, this one included, ascending
   * @param configuration the number of the configuration by which it was cut into fragments
   * @param isReadOnly whether the whole transaction only reads: nothing is remembered of it
   */
  record Order(
      Request request,
      HybridTimestamp proposed,
      List<GroupId> participants,
      long configuration,
      boolean isReadOnly)
      implements Command {
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

  /** The transaction's timestamp is {@code timestamp}, the largest of all proposals. */
  record Finalise(TxnId txn, HybridTimestamp timestamp) implements Command {
    @Override
    public Kind kind() {
      return Kind.FINALISE;
    }
  }

  /**
   * If the id is unknown here it is refused for good.
   *
   * @param issuedAt of the request, which says how long the refusal must be remembered
   * @param slots where a request that lies inside this group would have been remembered; empty if a
   *     recovering coordinator asks, for a participant is a participant wherever its slots are
   */
  record Refuse(TxnId txn, HybridTimestamp issuedAt, List<Slot> slots) implements Command {
    /** Copies the list. */
    public Refuse {
      slots = List.copyOf(slots);
    }

    @Override
    public Kind kind() {
      return Kind.REFUSE;
    }
  }

  /**
   * The outcome was decided and is to be carried out.
   *
   * @param timestamp the final timestamp; of no meaning if the outcome is an abort
   */
  record Apply(TxnId txn, HybridTimestamp timestamp, TxnOutcome outcome) implements Command {
    @Override
    public Kind kind() {
      return Kind.APPLY;
    }
  }

  /** Every participant has applied these. */
  record Forget(List<TxnId> txns) implements Command {
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
   * The client will not ask for these again. Usually that rides on its next request; alone it comes
   * where that one finds no room.
   *
   * @param issuedAt of the request that it came with
   */
  record Acknowledge(ClientId client, HybridTimestamp issuedAt, Acknowledgement acknowledgement)
      implements Command {
    @Override
    public Kind kind() {
      return Kind.ACKNOWLEDGE;
    }
  }

  /** The group follows this configuration from now on. */
  record Adopt(GroupSettings settings, Configuration configuration) implements Command {
    @Override
    public Kind kind() {
      return Kind.ADOPT;
    }
  }
}
