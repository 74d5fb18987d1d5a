package dev.ostrakon.txn;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.ManualClock;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Coordinators whose participants are played by a test: it sees each call and answers by hand. */
final class Desk {
  static final GroupId G1 = new GroupId(1);
  static final GroupId G2 = new GroupId(2);
  static final GroupId G3 = new GroupId(3);
  static final List<GroupId> BOTH = List.of(G1, G2);

  /** Slots 0 and 3 belong to group 1, slot 1 to group 2, slot 2 to group 3. */
  static final Configuration CONFIGURATION = configuration(G1, G2, G3, G1);

  static final Key A = keyOf(G1);
  static final Key B = keyOf(G2);
  static final Key C = keyOf(G3);
  static final CoordinatorConfig CONFIG = CoordinatorConfig.DEFAULTS;
  static final TxnId TXN = new TxnId(new RequestId(new ClientId(0, 1), 1), 1);
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A call that is not answered yet. */
  record Asked(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {}

  private final List<Asked> asked = new ArrayList<>();
  private final List<ParticipantCall> all = new ArrayList<>();
  private final ManualClock wall = new ManualClock(1_000_000);
  private final long graceNanos;
  private long nowNanos;
  final List<TxnAnswer> answers = new ArrayList<>();
  final List<TxnReport> reports = new ArrayList<>();
  final Coordinators coordinators;

  Desk() {
    this(CONFIG, TxnRules.STANDARD);
  }

  Desk(CoordinatorConfig config, TxnRules rules) {
    graceNanos = config.graceMillis() * NANOS_PER_MILLI;
    coordinators =
        new Coordinators(
            config,
            rules,
            new CoordinatorPorts(
                new HybridLogicalClock(wall, ClockConfig.DEFAULTS),
                () -> nowNanos,
                this::send,
                bound -> bound - 1),
            new ClientId(9, 9));
  }

  private void send(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
    asked.add(new Asked(group, call, deadlineNanos, done));
    all.add(call);
  }

  static Configuration configuration(GroupId... owners) {
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    for (GroupId owner : owners) {
      groups.put(owner, List.of(new NodeId("n" + owner.number())));
    }
    return new Configuration(1, List.of(owners), groups);
  }

  private static Key keyOf(GroupId group) {
    Slots slots = CONFIGURATION.slots();
    for (int i = 0; ; i++) {
      Key key = Key.utf8("key" + i);
      if (CONFIGURATION.ownerOf(slots.of(key)).equals(group)) {
        return key;
      }
    }
  }

  static HybridTimestamp time(long millis) {
    return new HybridTimestamp(1_000_000 + millis, 0);
  }

  static Operation get(Key key) {
    return new Operation.Get(key);
  }

  static Operation put(Key key, String text) {
    return new Operation.Put(key, Value.utf8(text));
  }

  static OperationResult seen(String text, long version) {
    return new OperationResult.Present(Value.utf8(text), time(version));
  }

  static OperationResult absent() {
    return new OperationResult.Absent();
  }

  static Evaluation gives(OperationResult... results) {
    return new Evaluation(
        true, new BranchResult.Results(List.of(results)), new BranchResult.Results(List.of()));
  }

  static TxnStatus ready(long proposal, long timestamp, Evaluation evaluation) {
    return new TxnStatus.Ready(time(proposal), time(timestamp), BOTH, 1, evaluation);
  }

  static TxnStatus waiting(long proposal, long timestamp) {
    return new TxnStatus.Waiting(time(proposal), time(timestamp), BOTH, 1);
  }

  static TxnStatus refused(Refusal.Reason reason) {
    return new TxnStatus.Refused(new Refusal(reason, "refused in the log"));
  }

  static TxnStatus finished(long timestamp, TxnOutcome outcome, OperationResult... results) {
    return new TxnStatus.Finished(time(timestamp), BOTH, 1, outcome, List.of(results));
  }

  Request request(Transaction transaction) {
    return new Request(TXN, time(0), Acknowledgement.NONE, transaction);
  }

  /** Runs a transaction that has five seconds. */
  void run(Transaction transaction) {
    coordinators.run(request(transaction), CONFIGURATION, deadline(5_000), answers::add);
  }

  void run(Operation... operations) {
    run(Transaction.of(List.of(operations)));
  }

  void read(Operation... operations) {
    read(Transaction.of(List.of(operations)));
  }

  void read(Transaction transaction) {
    coordinators.read(transaction, CONFIGURATION, deadline(5_000), answers::add);
  }

  void recover(GroupId... participants) {
    coordinators.recover(TXN, time(0), List.of(participants), deadline(5_000), reports::add);
  }

  long deadline(long millis) {
    return nowNanos + millis * NANOS_PER_MILLI;
  }

  /** Lets time pass, in ticks of 5 ms. */
  void pass(long millis) {
    for (long passed = 0; passed < millis; passed += 5) {
      nowNanos += 5 * NANOS_PER_MILLI;
      wall.advance(5);
      coordinators.tick();
    }
    asked.removeIf(a -> nowNanos - a.deadlineNanos() > graceNanos);
  }

  /** The one call to a group that is not answered. */
  ParticipantCall call(GroupId group) {
    return find(group).call();
  }

  private Asked find(GroupId group) {
    List<Asked> found = asked.stream().filter(a -> a.group().equals(group)).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one call to " + group + ", was " + found);
    }
    return found.get(0);
  }

  boolean isAsking(GroupId group) {
    return asked.stream().anyMatch(a -> a.group().equals(group));
  }

  /** The kinds of the calls that are not answered, by group. */
  List<ParticipantCall.Kind> open() {
    return asked.stream().map(a -> a.call().kind()).toList();
  }

  /** Everything ever asked. */
  List<ParticipantCall.Kind> kinds() {
    return all.stream().map(ParticipantCall::kind).toList();
  }

  void answer(GroupId group, ParticipantAnswer answer) {
    Asked one = find(group);
    asked.remove(one);
    one.done().accept(answer);
  }

  void answer(GroupId group, TxnStatus status) {
    answer(group, new ParticipantAnswer.Status(status));
  }

  void answer(GroupId group, Evaluation evaluation) {
    answer(group, new ParticipantAnswer.Seen(evaluation));
  }

  /** Takes a call away, to be answered late or never. */
  Asked take(GroupId group) {
    Asked one = find(group);
    asked.remove(one);
    return one;
  }

  /** Forgets calls that ended without an answer. */
  void dropOpen() {
    for (Iterator<Asked> each = asked.iterator(); each.hasNext(); ) {
      each.next();
      each.remove();
    }
  }
}
