package dev.ostrakon.group;

import dev.ostrakon.group.FrontCluster.Member;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Clients at the front of one group whose leaders are cut off, stopped and restarted: requests,
 * reads, and fragments of transactions whose other participant is always ready. Every client sends
 * what was not answered again, to whoever leads then.
 */
final class FrontHistory {
  private static final int CLIENTS = 4;
  private static final int CALLS_PER_CLIENT = 15;
  private static final int STEPS_MAX = 20_000;
  private static final long STEP_MILLIS = 50;
  private static final List<Kind> KINDS = List.of(Kind.READ, Kind.REQUEST, Kind.FRAGMENT);

  private final RandomSource random;
  private final FrontCluster cluster;
  private final History history = new History();
  private final List<Key> keys = List.of(Key.utf8("x"), Key.utf8("y"), Key.utf8("z"));
  private final List<Client> clients = new ArrayList<>();
  private int lastNumber;
  private long now;

  FrontHistory(long seed, GroupRules rules) {
    random = new RandomSource(seed);
    cluster =
        FrontCluster.serving(FrontCluster.Shape.DEFAULTS.withFrequentCheckpoints().with(rules));
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client(i));
    }
  }

  /** Empty if all is well, else what is wrong. */
  String run() {
    for (int step = 0; step < STEPS_MAX; step++) {
      if (clients.stream().allMatch(Client::isAtEnd)) {
        return verdict();
      }
      disturb();
      clients.forEach(Client::step);
      if (random.chance(0.6)) {
        cluster.pass(STEP_MILLIS);
      } else {
        runSome();
      }
    }
    return "no end";
  }

  private void runSome() {
    for (int i = random.nextInt(40); i > 0 && cluster.scheduler.runOne(); i--) {
      now++;
    }
  }

  private void disturb() {
    Member any = cluster.member(1 + random.nextInt(3));
    if (random.chance(0.002)) {
      cluster.heal();
      cluster.cutOff(any);
    } else if (random.chance(0.002)) {
      cluster.heal();
      cluster.deafen(any);
    } else if (random.chance(0.002)) {
      cluster.heal();
      cluster.freeze(any);
    } else if (random.chance(0.002)) {
      cluster.restart(any);
    } else if (random.chance(0.002)) {
      cluster.heal();
    }
  }

  private String verdict() {
    cluster.heal();
    Map<Key, List<Integer>> lists = new TreeMap<>();
    for (Key key : keys) {
      FrontAnswer<RequestOutcome> answer =
          cluster.ask(
              l ->
                  cluster
                      .leader()
                      .read(
                          Transaction.of(List.of(new Operation.Get(key))), cluster.deadline(), l));
      lists.put(key, TestWorkload.parse(FrontAnswers.text(answer)));
    }
    return history.anomaly(lists);
  }

  /** One call after the other; what a call needs to be sent again is in its fields. */
  private final class Client {
    private final int number;
    private int sequence;
    private boolean isBusy;
    private boolean isUnderway;
    private History.Call call = new History.Call(-1, 0);
    private Transaction transaction = Transaction.of(List.of());
    private HybridTimestamp issuedAt = HybridTimestamp.ZERO;
    private Kind kind = Kind.READ;

    Client(int number) {
      this.number = number;
    }

    boolean isAtEnd() {
      return !isBusy && sequence == CALLS_PER_CLIENT;
    }

    void step() {
      if (!isBusy && sequence < CALLS_PER_CLIENT && random.chance(0.03)) {
        begin();
      }
      if (isBusy && !isUnderway && random.chance(0.3)) {
        send();
      }
    }

    private void begin() {
      sequence++;
      isBusy = true;
      now++;
      call = history.begin(now);
      kind = KINDS.get(random.nextInt(KINDS.size()));
      List<Operation> operations = new ArrayList<>();
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        Key key = keys.get(random.nextInt(keys.size()));
        if (kind == Kind.READ || random.chance(0.4)) {
          operations.add(new Operation.Get(key));
        } else {
          lastNumber++;
          operations.add(new Operation.Append(key, Value.utf8("," + lastNumber)));
          call.appends.add(Map.entry(key, lastNumber));
        }
      }
      transaction = Transaction.of(operations);
      issuedAt = cluster.now();
    }

    /** To any that believes it leads; there may be two of them. */
    private void send() {
      List<ShardFront> leaders =
          cluster.all().stream().map(Member::front).filter(ShardFront::isLeading).toList();
      if (leaders.isEmpty()) {
        return;
      }
      isUnderway = true;
      ShardFront front = leaders.get(random.nextInt(leaders.size()));
      switch (kind) {
        case READ -> front.read(transaction, cluster.deadline(), ofThisCall(this::onOutcome));
        case REQUEST -> front.execute(request(), cluster.deadline(), ofThisCall(this::onOutcome));
        case FRAGMENT -> ask(front, order());
      }
    }

    private TxnId id() {
      return new TxnId(new RequestId(new ClientId(number, 1), sequence), 1);
    }

    private Request request() {
      return new Request(id(), issuedAt, Acknowledgement.upTo(sequence - 1L), transaction);
    }

    private ParticipantCall order() {
      return new ParticipantCall.Order(request(), cluster.now(), Given.TWO_GROUPS);
    }

    private void onOutcome(FrontAnswer<RequestOutcome> answer) {
      isUnderway = false;
      if (answer instanceof FrontAnswer.Done<RequestOutcome> done
          && done.value() instanceof RequestOutcome.Committed committed) {
        end(committed.results());
      }
    }

    private void ask(ShardFront front, ParticipantCall request) {
      front.participate(request, cluster.deadline(), ofThisCall(answer -> onAnswer(front, answer)));
    }

    /** Answers to earlier calls of this client are too late. */
    private <A> Consumer<A> ofThisCall(Consumer<A> listener) {
      int mine = sequence;
      return answer -> {
        if (sequence == mine) {
          listener.accept(answer);
        }
      };
    }

    private void onAnswer(ShardFront front, ParticipantAnswer answer) {
      if (!(answer instanceof ParticipantAnswer.Status told)) {
        isUnderway = false;
        return;
      }
      if (told.status() instanceof TxnStatus.Waiting waiting) {
        ask(front, new ParticipantCall.Await(id(), waiting.timestamp()));
      } else if (told.status() instanceof TxnStatus.Ready ready) {
        decide(front, ready);
      } else if (told.status() instanceof TxnStatus.Finished finished) {
        end(finished.results()); // An earlier sending got so far.
        ask(front, new ParticipantCall.Forget(List.of(id())));
      } else {
        isUnderway = false;
      }
    }

    /** The other participant is ready at some timestamp that may be higher. */
    private void decide(ShardFront front, TxnStatus.Ready ready) {
      if (ready.timestamp().equals(ready.proposal()) && random.chance(0.3)) {
        HybridTimestamp above = ready.timestamp().next();
        ask(front, new ParticipantCall.Finalise(id(), above));
      } else if (ready.evaluation().then() instanceof BranchResult.Results given) {
        if (random.chance(0.5)) {
          end(given.results()); // Answered before it is applied.
        }
        ask(
            front,
            new ParticipantCall.Apply(id(), ready.timestamp(), new TxnOutcome.Commit(Branch.THEN)));
      }
    }

    private void end(List<OperationResult> results) {
      now++;
      if (!call.isAnswered()) {
        call.end = now;
        call.isThen = true;
        for (int i = 0; i < results.size(); i++) {
          if (transaction.then().get(i) instanceof Operation.Get get) {
            call.reads.add(
                Map.entry(get.key(), TestWorkload.parse(FrontAnswers.text(results.get(i)))));
          }
        }
      }
      isUnderway = false;
      // A fragment stays pending until it is applied, so its client goes on only then.
      isBusy = kind == Kind.FRAGMENT && !isApplied();
    }

    private boolean isApplied() {
      return cluster.all().stream()
          .anyMatch(m -> m.front().state().status(id()) instanceof TxnStatus.Finished);
    }
  }

  private enum Kind {
    READ,
    REQUEST,
    FRAGMENT
  }
}
