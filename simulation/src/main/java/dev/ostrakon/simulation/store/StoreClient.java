package dev.ostrakon.simulation.store;

import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.RandomSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client as the SDK is one: it sends a request to whom it takes for the leader, follows hints,
 * and sends it again under the same id until it is answered or the deadline has passed. Then the
 * outcome is unknown, and it goes on as a new session.
 */
final class StoreClient {

  /** The way to the store, and what a client depends on. */
  interface World {
    void send(StoreClient from, int node, StoreCall call, Request request);

    List<Integer> nodesOf(int group);

    long trueMillis();

    void later(long nanos, Runnable action);

    void ended(StoreClient client, StoreCall call, @Nullable RequestOutcome outcome);
  }

  private static final int ATTEMPTS_MAX = 4;

  private final int endpoint;
  private final World world;
  private final RandomSource random;
  private final long unitNanos;
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private int session;
  private long sequence;
  private @Nullable StoreCall call;
  private @Nullable Request request;

  /** Counts what was sent and answered, so that old timers are told from the present one. */
  private long turn;

  StoreClient(int endpoint, World world, long unitNanos, RandomSource random) {
    this.endpoint = endpoint;
    this.world = world;
    this.unitNanos = unitNanos;
    this.random = random;
  }

  int endpoint() {
    return endpoint;
  }

  /** The name of the present session in histories. */
  int process() {
    return endpoint + 1000 * session;
  }

  boolean isBusy() {
    return call != null;
  }

  /** Begins; the client must not be busy. */
  void begin(StoreCall wanted, double deadlineUnits) {
    sequence++;
    RequestId id = new RequestId(new ClientId(endpoint, session), sequence);
    Request made =
        new Request(
            new TxnId(id, 1),
            new HybridTimestamp(world.trueMillis(), 0),
            Acknowledgement.upTo(sequence - 1),
            wanted.transaction());
    call = wanted;
    request = made;
    world.later((long) (unitNanos * deadlineUnits), () -> onDeadline(made));
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
    List<Integer> nodes = world.nodesOf(wanted.group());
    Integer leader = leaders.get(wanted.group());
    int node =
        leader == null || random.chance(0.05) ? nodes.get(random.nextInt(nodes.size())) : leader;
    world.send(this, node, wanted, made);
    world.later(
        2 * unitNanos,
        () -> {
          if (turn == sent) {
            leaders.remove(wanted.group());
            send();
          }
        });
  }

  /** An answer to the present request or to an earlier one has arrived. */
  void onAnswer(int node, TxnId answered, FrontAnswer<RequestOutcome> answer) {
    StoreCall wanted = call;
    Request made = request;
    if (wanted == null || made == null || !made.id().equals(answered)) {
      return;
    }
    if (answer instanceof FrontAnswer.Done<RequestOutcome> done) {
      leaders.put(wanted.group(), node);
      onDone(wanted, made, done.value());
    } else {
      onNoAnswer(wanted, answer);
    }
  }

  private void onDone(StoreCall wanted, Request made, RequestOutcome outcome) {
    Refusal.Reason reason =
        outcome instanceof RequestOutcome.Refused refused ? refused.refusal().reason() : null;
    if (reason == Refusal.Reason.WINDOW_PASSED) {
      endUnknown(wanted);
    } else if (reason == Refusal.Reason.NOT_ORDERED && made.id().attempt() < ATTEMPTS_MAX) {
      request =
          new Request(
              new TxnId(made.id().request(), made.id().attempt() + 1),
              made.issuedAt(),
              made.acknowledgement(),
              made.transaction());
      leaders.remove(wanted.group());
      send();
    } else {
      end(wanted, outcome);
    }
  }

  private void onNoAnswer(StoreCall wanted, FrontAnswer<RequestOutcome> answer) {
    leaders.remove(wanted.group());
    if (answer instanceof FrontAnswer.NotLeader<RequestOutcome> elsewhere) {
      Optional<NodeId> hint = elsewhere.leader();
      hint.ifPresent(name -> leaders.put(wanted.group(), StoreFactory.nodeOf(name)));
    }
    turn++;
    long waiting = turn;
    world.later(
        (long) (unitNanos * 0.2 * random.nextDouble()) + 1,
        () -> {
          if (turn == waiting) {
            send();
          }
        });
  }

  private void onDeadline(Request late) {
    StoreCall wanted = call;
    Request made = request;
    if (wanted != null && made != null && late.id().request().equals(made.id().request())) {
      endUnknown(wanted);
    }
  }

  private void endUnknown(StoreCall wanted) {
    session++;
    sequence = 0;
    end(wanted, null);
  }

  private void end(StoreCall wanted, @Nullable RequestOutcome outcome) {
    turn++;
    call = null;
    request = null;
    world.ended(this, wanted, outcome);
  }
}
