package dev.ostrakon.simulation.store;

import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.group.ShardFront;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import dev.ostrakon.simulation.cluster.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Speaks to the leader of one group itself, whoever owns the keys. */
final class StoreProbe {
  private static final long DEADLINE_NANOS = 5_000_000_000L;

  private final StoreScenario store;
  private final int group;
  private long sequence;

  StoreProbe(StoreScenario store, int group) {
    this.store = store;
    this.group = group;
  }

  /** What a read is answered. */
  String read(Key key) {
    return ask(
        (front, listener) ->
            front.read(Transaction.of(List.of(new Operation.Get(key))), deadline(), listener));
  }

  /** What a write is answered. */
  String write(Key key) {
    sequence++;
    Request request =
        new Request(
            new TxnId(new RequestId(new ClientId(99, 0), sequence), 1),
            new HybridTimestamp(store.clientMillis(), 0),
            Acknowledgement.NONE,
            Transaction.of(List.of(StoreScenario.put(key, "z"))));
    return ask((front, listener) -> front.execute(request, deadline(), listener));
  }

  private interface Question {
    void put(ShardFront front, Consumer<FrontAnswer<RequestOutcome>> listener);
  }

  private long deadline() {
    return life().process().nowNanos() + DEADLINE_NANOS;
  }

  private Life<?, StoreMachine> life() {
    return store.store().roads().lifeOf(group, store.leaderOf(group)).orElseThrow();
  }

  private String ask(Question question) {
    List<FrontAnswer<RequestOutcome>> answers = new ArrayList<>();
    Life<?, StoreMachine> life = life();
    life.process().run(() -> question.put(life.machine().front(), answers::add));
    store.await("an answer", () -> !answers.isEmpty());
    return answers.get(0).toString();
  }

  /** Exchanges two values if they are these. */
  static Transaction swap(Key first, String firstValue, Key second, String secondValue) {
    return new Transaction(
        List.of(
            new Condition.ValueIs(first, Value.utf8(firstValue)),
            new Condition.ValueIs(second, Value.utf8(secondValue))),
        List.of(StoreScenario.put(first, secondValue), StoreScenario.put(second, firstValue)),
        List.of());
  }
}
