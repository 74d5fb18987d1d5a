package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.Value;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary commands. */
final class Commands {
  private Commands() {}

  static Arbitrary<CommandBatch> batches() {
    return Combinators.combine(commandTimes(), commands().list().ofMaxSize(6))
        .as(CommandBatch::new);
  }

  private static Arbitrary<Command> commands() {
    Arbitrary<Command> executes = requests().map(Command.Execute::new);
    Arbitrary<Command> orders =
        Combinators.combine(
                requests(), commandTimes(), groups(), Arbitraries.longs().between(0, 1_000))
            .as(Command.Order::new);
    Arbitrary<Command> finalises =
        Combinators.combine(txnIds(), commandTimes()).as(Command.Finalise::new);
    Arbitrary<Command> refuses =
        Combinators.combine(txnIds(), commandTimes(), slots().list().ofMaxSize(3))
            .as(Command.Refuse::new);
    Arbitrary<Command> applies =
        Combinators.combine(txnIds(), commandTimes(), outcomes()).as(Command.Apply::new);
    Arbitrary<Command> forgets = txnIds().list().ofMaxSize(3).map(Command.Forget::new);
    Arbitrary<Command> adopts =
        Combinators.combine(settings(), configurations()).as(Command.Adopt::new);
    Arbitrary<Command> acknowledges =
        Combinators.combine(txnIds(), commandTimes(), acknowledgements())
            .as((id, at, given) -> new Command.Acknowledge(id.request().client(), at, given));
    return Arbitraries.oneOf(
        executes, orders, finalises, refuses, applies, forgets, adopts, acknowledges);
  }

  private static Arbitrary<Request> requests() {
    return Combinators.combine(txnIds(), times(), acknowledgements(), transactions())
        .as(Request::new);
  }

  private static Arbitrary<Transaction> transactions() {
    return Combinators.combine(
            conditions().list().ofMaxSize(3),
            operations().list().ofMaxSize(3),
            operations().list().ofMaxSize(3))
        .as(Transaction::new);
  }

  private static Arbitrary<Operation> operations() {
    return Arbitraries.oneOf(
        keys().map(Operation.Get::new),
        Combinators.combine(keys(), values()).as(Operation.Put::new),
        Combinators.combine(keys(), values()).as(Operation.Append::new),
        keys().map(Operation.Delete::new),
        Combinators.combine(keys(), Arbitraries.longs(), Arbitraries.of(true, false))
            .as(Operation.Add::new));
  }

  private static Arbitrary<Condition> conditions() {
    return Arbitraries.oneOf(
        keys().map(Condition.Exists::new),
        keys().map(Condition.Missing::new),
        Combinators.combine(keys(), values()).as(Condition.ValueIs::new),
        Combinators.combine(keys(), values()).as(Condition.ValueIsNot::new),
        Combinators.combine(keys(), Arbitraries.of(Condition.Comparison.class), Arbitraries.longs())
            .as(Condition.NumberIs::new),
        Combinators.combine(keys(), times()).as(Condition.VersionIs::new));
  }

  private static Arbitrary<Acknowledgement> acknowledgements() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 1_000_000),
            Arbitraries.longs().between(1, 1_000).list().ofMaxSize(4))
        .as(
            (watermark, gaps) -> {
              long[] next = {watermark};
              return new Acknowledgement(
                  watermark, gaps.stream().map(gap -> next[0] += gap).toList());
            });
  }

  private static Arbitrary<TxnOutcome> outcomes() {
    return Arbitraries.oneOf(
        Arbitraries.of(Branch.class).map(TxnOutcome.Commit::new),
        Combinators.combine(Arbitraries.of(Refusal.Reason.class), Arbitraries.strings())
            .as((reason, text) -> new TxnOutcome.Abort(new Refusal(reason, text))));
  }

  private static Arbitrary<TxnId> txnIds() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.longs(),
            Arbitraries.longs().greaterOrEqual(1),
            Arbitraries.integers().greaterOrEqual(1))
        .as(
            (high, low, seq, attempt) ->
                new TxnId(new RequestId(new ClientId(high, low), seq), attempt));
  }

  private static Arbitrary<Configuration> configurations() {
    return Arbitraries.integers()
        .between(1, 4)
        .map(
            count -> {
              TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
              for (int i = 1; i <= count; i++) {
                groups.put(new GroupId(i), List.of(new NodeId("n" + i), new NodeId("m" + i)));
              }
              return new Configuration(
                  count,
                  List.of(new GroupId(1), new GroupId(count), new GroupId(1), new GroupId(count)),
                  groups);
            });
  }

  private static Arbitrary<GroupSettings> settings() {
    return Arbitraries.integers()
        .between(20, 1 << 30)
        .map(n -> new GroupSettings(new Limits(n, n, n, n), n * 7L, n * 3L, n));
  }

  private static Arbitrary<List<GroupId>> groups() {
    return Arbitraries.longs().greaterOrEqual(0).map(GroupId::new).list().ofMaxSize(4);
  }

  private static Arbitrary<Slot> slots() {
    return Arbitraries.integers().between(0, 65_535).map(Slot::new);
  }

  private static Arbitrary<Key> keys() {
    return bytes(1).map(Key::new);
  }

  private static Arbitrary<Value> values() {
    return bytes(0).map(Value::new);
  }

  private static Arbitrary<ByteString> bytes(int min) {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMinSize(min)
        .ofMaxSize(40)
        .map(ByteString::copyOf);
  }

  private static Arbitrary<HybridTimestamp> times() {
    return Arbitraries.longs().map(HybridTimestamp::fromPacked);
  }

  private static Arbitrary<HybridTimestamp> commandTimes() {
    return Arbitraries.longs().greaterOrEqual(0).map(HybridTimestamp::fromPacked);
  }
}
