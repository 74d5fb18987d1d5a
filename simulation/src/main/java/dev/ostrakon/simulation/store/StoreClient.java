package dev.ostrakon.simulation.store;

import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.RandomSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client as the SDK is one: it sends a request to whom it takes for the leader, follows hints,
 * and sends it again under the same id until it is answered or the deadline has passed. Then it may
 * ask what became of it; if nobody tells while there are faults, it goes on as a new session.
 */
final class StoreClient {

  /** What a client depends on besides the store. */
  interface World {
    /** What a client takes for the time when it makes a request. */
    long clientMillis();

    /** Whether everybody is in good health: then clients do not give up their questions. */
    boolean isHealed();

    /**
     * Whether a client may have been told a time so far ahead that nobody can say for long what
     * becomes of its request.
     */
    default boolean mayBeAheadOfTime() {
      return false;
    }

    void ended(StoreClient client, StoreCall call, StoreEnding ending);

    /** A client is told that nobody remembers what became of a call. */
    default void forgotten(StoreCall call, HybridTimestamp issuedAt) {}
  }

  private static final int ATTEMPTS_MAX = 4;

  private static final double QUESTION_UNITS = 10;

  private final int endpoint;
  private final StoreCluster store;
  private final World world;
  private final RandomSource random;
  private final long unitNanos;
  private final long resendNanos;
  private final double questionShare;
  private final double givesUp;
  private final double deadlineShare;
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private int session;
  private long sequence;
  private @Nullable StoreCall call;
  private @Nullable Request request;

  /** What ended last. */
  private @Nullable Request last;

  /** Whether some attempt may have had an effect, or still have one, that is not known. */
  private boolean isInDoubt;

  /** Whether somebody does not know what became of the present attempt. */
  private boolean isUnknown;

  /** What was sent of the present attempt and has no answer. */
  private final Set<Long> open = new HashSet<>();

  /** The group that is asked what became of the request; null while that is not known yet. */
  private @Nullable Integer witness;

  /** Counts what was sent and answered, so that old timers are told from the present one. */
  private long turn;

  StoreClient(
      int endpoint,
      StoreCluster store,
      World world,
      long unitNanos,
      Sending sending,
      double questionShare,
      RandomSource random) {
    this.store = store;
    this.endpoint = endpoint;
    this.world = world;
    this.unitNanos = unitNanos;
    this.resendNanos = sending.resendNanos(unitNanos);
    this.questionShare = questionShare;
    this.givesUp = sending.givesUp();
    this.deadlineShare = sending.deadlineShare();
    this.random = random;
  }

  int endpoint() {
    return endpoint;
  }

  /** The name of the present session in histories. */
  int process() {
    return endpoint + 1000 * session;
  }

  /** Asks this node first, until it is told or finds out otherwise. */
  void takeForLeader(int group, int node) {
    leaders.put(group, node);
  }

  /** How much of the usual time a node has for a call of this client. */
  double deadlineShare() {
    return world.isHealed() ? 1 : deadlineShare;
  }

  /** The request that ended last, as it was sent at last. */
  Optional<Request> lastRequest() {
    return Optional.ofNullable(last);
  }

  boolean isBusy() {
    return call != null;
  }

  /** Begins; the client must not be busy. */
  void begin(StoreCall wanted, double deadlineUnits) {
    if (call != null) {
      throw new IllegalStateException("still busy with " + call);
    }
    sequence++;
    RequestId id = new RequestId(new ClientId(endpoint, session), sequence);
    Request made =
        new Request(
            new TxnId(id, 1),
            new HybridTimestamp(world.clientMillis(), 0),
            Acknowledgement.upTo(sequence - 1),
            wanted.transaction());
    call = wanted;
    request = made;
    isInDoubt = false;
    isUnknown = false;
    open.clear();
    store.later((long) (unitNanos * deadlineUnits), () -> onDeadline(made));
    send();
  }

  private void send() {
    StoreCall wanted = call;
    Request made = request;
    if (wanted == null || made == null) {
      return;
    }
    turn++;
    long sent = turn;
    int group = witness == null ? wanted.group() : witness;
    List<Integer> nodes = store.nodesOf(group);
    Integer leader = leaders.get(group);
    int node =
        leader == null || random.chance(0.05) ? nodes.get(random.nextInt(nodes.size())) : leader;
    if (witness == null) {
      open.add(sent);
      store.door().send(this, node, sent, wanted, made);
    } else {
      store.door().ask(this, node, group, wanted, made);
    }
    store.later(
        resendNanos,
        () -> {
          if (turn == sent) {
            leaders.remove(group);
            send();
          }
        });
  }

  /** An answer to the present request or to an earlier one has arrived. */
  void onAnswer(int node, TxnId answered, long sending, FrontAnswer<StoreEnding> answer) {
    StoreCall wanted = call;
    Request made = request;
    if (wanted == null || made == null || !made.id().equals(answered)) {
      return;
    }
    int group = witness == null ? wanted.group() : witness;
    if (answer instanceof FrontAnswer.Done<StoreEnding> done) {
      leaders.put(group, node);
      if (done.value() instanceof StoreEnding.Unknown) {
        world.forgotten(wanted, made.issuedAt());
      }
      onEnding(wanted, done.value());
    } else {
      isUnknown |= answer instanceof FrontAnswer.Unknown<StoreEnding>;
      open.remove(sending);
      if (isUntouched(wanted) && random.chance(givesUp)) {
        end(wanted, new StoreEnding.NotExecuted());
      } else if (witness != null && isAheadOfTime(answer) && world.mayBeAheadOfTime()) {
        endUnknown(wanted);
      } else {
        onNoAnswer(group, answer);
      }
    }
  }

  private static boolean isAheadOfTime(FrontAnswer<StoreEnding> answer) {
    return answer instanceof FrontAnswer.Denied<StoreEnding> denied
        && denied.refusal().reason() == Refusal.Reason.CLOCK_SKEW;
  }

  /** Whether all who were asked have said that nothing has happened. */
  private boolean isUntouched(StoreCall wanted) {
    return givesUp > 0
        && wanted.isRequest()
        && witness == null
        && !world.isHealed()
        && open.isEmpty()
        && !isUnknown
        && !isInDoubt;
  }

  private void onEnding(StoreCall wanted, StoreEnding ending) {
    if (ending instanceof StoreEnding.Unknown) {
      endUnknown(wanted);
    } else {
      end(wanted, ending);
    }
  }

  /** The present attempt is refused for good; the next one may succeed. */
  void onRefused(TxnId answered, Refusal refusal) {
    onAttemptSpent(answered, new StoreEnding.Refused(refusal.reason()));
  }

  /** The present attempt is used up, and an earlier sending of it may have had an effect. */
  void onDisplaced(TxnId answered) {
    isInDoubt = true;
    onAttemptSpent(answered, new StoreEnding.Unknown());
  }

  private void onAttemptSpent(TxnId answered, StoreEnding atLast) {
    StoreCall wanted = call;
    Request made = request;
    if (wanted == null || made == null || witness != null || !made.id().equals(answered)) {
      return;
    }
    if (made.id().attempt() == ATTEMPTS_MAX) {
      onEnding(wanted, isInDoubt ? new StoreEnding.Unknown() : atLast);
      return;
    }
    request =
        new Request(
            new TxnId(made.id().request(), made.id().attempt() + 1),
            made.issuedAt(),
            made.acknowledgement(),
            made.transaction());
    isUnknown = false; // What was refused for good has not happened, whoever did not know it.
    open.clear();
    leaders.remove(wanted.group());
    sendSoon();
  }

  private void onNoAnswer(int group, FrontAnswer<StoreEnding> answer) {
    leaders.remove(group);
    if (answer instanceof FrontAnswer.NotLeader<StoreEnding> elsewhere) {
      Optional<NodeId> hint = elsewhere.leader();
      hint.ifPresent(name -> leaders.put(group, StoreFactory.nodeOf(name)));
    }
    sendSoon();
  }

  private void sendSoon() {
    turn++;
    long waiting = turn;
    store.later(
        (long) (resendNanos * 0.2 * random.nextDouble()) + 1,
        () -> {
          if (turn == waiting) {
            send();
          }
        });
  }

  private void onDeadline(Request late) {
    StoreCall wanted = call;
    Request made = request;
    if (wanted == null || made == null || !late.id().request().equals(made.id().request())) {
      return;
    }
    if (isUntouched(wanted)) {
      end(wanted, new StoreEnding.NotExecuted());
    } else if (witness == null && wanted.isRequest() && random.chance(questionShare)) {
      List<Integer> owners = store.ownersOf(wanted.transaction().keys());
      witness = owners.get(random.nextInt(owners.size()));
      store.later((long) (unitNanos * QUESTION_UNITS), () -> onDeadline(made));
      send();
    } else if (witness == null || !world.isHealed()) {
      endUnknown(wanted);
    }
  }

  private void endUnknown(StoreCall wanted) {
    session++;
    sequence = 0;
    end(wanted, new StoreEnding.Unknown());
  }

  private void end(StoreCall wanted, StoreEnding ending) {
    turn++;
    call = null;
    last = request;
    request = null;
    witness = null;
    world.ended(this, wanted, ending);
  }
}
