package dev.ostrakon.group;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a front refuses before it is logged, whatever the state. */
final class Door {
  /** What no timestamp of a command may reach, the year 6429; see the format of commands. */
  private static final long WALL_MILLIS_LIMIT = 1L << 47;

  /**
   * How many times the permitted skew a timestamp of another group's log may be ahead of the time
   * here: one for what that group let in, one by which the nodes' times differ, two by which a
   * replicated clock may be ahead before it is carried on; see docs/internals/transactions.md.
   */
  private static final int REPLICATED_SKEWS = 4;

  /** Far more than a coordinator forgets at once, and well within one log entry. */
  private static final int FORGETS_MAX = 1_000;

  /** Sequences that are acknowledged one by one, beside the watermark: more than a session has. */
  private static final int ACKNOWLEDGED_MAX = 65_536;

  private final HybridLogicalClock clock;
  private final GroupId group;
  private final GroupRules rules;
  private long skewCount;
  private long invalidCount;

  Door(GroupId group, GroupRules rules, HybridLogicalClock clock) {
    this.group = group;
    this.rules = rules;
    this.clock = clock;
  }

  /** Calls turned away because no correct node sends them. */
  long invalidCount() {
    return invalidCount;
  }

  private Optional<Refusal> invalid(String problem) {
    invalidCount++;
    return Optional.of(new Refusal(Refusal.Reason.INVALID, problem));
  }

  /** Calls turned away because of their timestamp. */
  long skewCount() {
    return skewCount;
  }

  /**
   * PROTOCOL.md, "The clock": a request whose timestamp is too far ahead of the physical clock here
   * is refused before it is logged. Others are merged.
   */
  Optional<Refusal> clockSkew(HybridTimestamp timestamp) {
    if (timestamp.isAfter(clock.last())
        && clock.observe(timestamp) instanceof Observation.Refused refused
        && rules.refusesTimestampsAhead()) {
      skewCount++;
      return Optional.of(
          new Refusal(
              Refusal.Reason.CLOCK_SKEW, tooFarAhead(refused.offsetMillis(), refused.maxMillis())));
    }
    return Optional.empty();
  }

  private String tooFarAhead(long aheadMillis, long maxMillis) {
    return "the timestamp is "
        + aheadMillis
        + " ms ahead of the time at the leader of group "
        + group
        + ", allowed are "
        + maxMillis
        + " ms, so it is refused for "
        + (aheadMillis - maxMillis)
        + " ms more";
  }

  /**
   * A timestamp that another group's log holds already, or that of a request in it, may be ahead by
   * more than one that is new: to refuse it for good would leave the transaction pending. That
   * group has checked it, by a time that all nodes soon have, because they tell each other what
   * they carry on; whoever sent it tries again.
   */
  Optional<Refusal> replicated(HybridTimestamp timestamp) {
    long aheadMillis = clock.aheadMillis(timestamp);
    long maxMillis = REPLICATED_SKEWS * clock.maxClockSkewMillis();
    if (timestamp.wallMillis() >= WALL_MILLIS_LIMIT) {
      return invalid("the timestamp is out of range, was " + timestamp);
    }
    if (aheadMillis > maxMillis && rules.refusesTimestampsAhead()) {
      skewCount++;
      return Optional.of(
          new Refusal(Refusal.Reason.CLOCK_SKEW, tooFarAhead(aheadMillis, maxMillis)));
    }
    return Optional.empty();
  }

  /** A timestamp that changes nothing unless it is one that is known here. */
  Optional<Refusal> nonsense(HybridTimestamp timestamp) {
    return timestamp.wallMillis() < WALL_MILLIS_LIMIT
        ? Optional.empty()
        : invalid("the timestamp is out of range, was " + timestamp);
  }

  /**
   * Whether these can be the participants of a transaction in which this group has a part. One that
   * no configuration has would never answer, and everything here would wait for it.
   */
  Optional<Refusal> participants(List<GroupId> participants, ShardState state) {
    if (!participants.contains(group)) {
      return invalid("group " + group + " is no participant of a transaction of " + participants);
    }
    for (int i = 1; i < participants.size(); i++) {
      if (participants.get(i - 1).compareTo(participants.get(i)) >= 0) {
        return invalid("participants are ascending, were " + participants);
      }
    }
    Configuration known = state.configuration;
    for (GroupId participant : participants) {
      if (known != null
          && !known.groups().containsKey(participant)
          && rules.refusesUnknownParticipants()) {
        invalidCount++;
        return Optional.of(
            new Refusal(
                Refusal.Reason.WRONG_GROUP,
                "participant "
                    + participant
                    + " is no group of configuration "
                    + known.number()
                    + ", which group "
                    + group
                    + " follows"));
      }
    }
    return Optional.empty();
  }

  Optional<Refusal> forgets(List<TxnId> txns) {
    return txns.size() <= FORGETS_MAX
        ? Optional.empty()
        : invalid("at most " + FORGETS_MAX + " are forgotten at once, were " + txns.size());
  }

  Optional<Refusal> acknowledged(Acknowledgement acknowledgement) {
    int count = acknowledgement.above().size();
    return count <= ACKNOWLEDGED_MAX
        ? Optional.empty()
        : invalid(
            "at most "
                + ACKNOWLEDGED_MAX
                + " sequences are acknowledged one by one, were "
                + count);
  }

  Optional<Refusal> limits(Transaction transaction, Limits limits) {
    Optional<Refusal> tooMany = Fragments.tooManyOperations(transaction, limits);
    if (tooMany.isPresent()) {
      return tooMany;
    }
    int mostKeys = transaction.operationCount();
    int keys = mostKeys <= limits.txnKeysMax() ? mostKeys : transaction.keys().size();
    return Fragments.refusal(transaction, keys, limits);
  }

  /** Why a transaction cannot be served as a read. */
  Optional<Refusal> reading(Transaction transaction, Limits limits) {
    return Fragments.isReadOnly(transaction)
        ? limits(transaction, limits)
        : Optional.of(
            new Refusal(Refusal.Reason.INVALID, "a read has no operations but gets, found others"));
  }

  /** The keys of a read; a single one, which most have, without sorting. */
  static Collection<Key> keysOf(Transaction transaction) {
    return isOneGet(transaction) ? List.of(transaction.then().get(0).key()) : transaction.keys();
  }

  static boolean isOneGet(Transaction transaction) {
    return transaction.conditions().isEmpty()
        && transaction.then().size() == 1
        && transaction.otherwise().isEmpty();
  }

  /** The slots served here that an earlier request may have touched, ascending. */
  static List<Slot> servedSlotsOf(Collection<Key> keys, ShardState state) {
    return keys.isEmpty()
        ? state.slotTable.serving()
        : Fragments.slotsOf(keys, state.data.slots()).stream()
            .filter(slot -> state.slotTable.serves(slot) || !state.rules.settlesWhatItServes())
            .toList();
  }
}
