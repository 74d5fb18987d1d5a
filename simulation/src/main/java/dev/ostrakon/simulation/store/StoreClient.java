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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    void ended(StoreClient client, StoreCall call, StoreEnding ending);
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
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private int session;
  private long sequence;
  private @Nullable StoreCall call;
  private @Nullable Request request;

  /** Whether some attempt may have had an effect, or still have one, that is not known. */
  private boolean isInDoubt;

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
      store.door().send(this, node, wanted, made);
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
  void onAnswer(int node, TxnId answered, FrontAnswer<StoreEnding> answer) {
    StoreCall wanted = call;
    Request made = request;
    if (wanted == null || made == null || !made.id().equals(answered)) {
      return;
    }
    int group = witness == null ? wanted.group() : witness;
    if (answer instanceof FrontAnswer.Done<StoreEnding> done) {
      leaders.put(group, node);
      onEnding(wanted, done.value());
    } else {
      onNoAnswer(group, answer);
    }
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
    if (witness == null && wanted.isRequest() && random.chance(questionShare)) {
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
    request = null;
    witness = null;
    world.ended(this, wanted, ending);
  }
}
