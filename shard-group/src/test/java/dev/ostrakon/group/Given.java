package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import java.util.List;

/** Short names for what tests are about. */
final class Given {
  static final Key A = Key.utf8("a");
  static final Key B = Key.utf8("b");
  static final long EPOCH_MILLIS = 1_000_000;
  static final List<GroupId> TWO_GROUPS = List.of(new GroupId(1), new GroupId(2));

  private Given() {}

  static HybridTimestamp time(long millis) {
    return new HybridTimestamp(EPOCH_MILLIS + millis, 0);
  }

  static TxnId txn(long sequence) {
    return new TxnId(new RequestId(new ClientId(0, 1), sequence), 1);
  }

  static TxnId attempt(long sequence, int attempt) {
    return new TxnId(txn(sequence).request(), attempt);
  }

  static Request request(long sequence, Operation... operations) {
    return request(sequence, Transaction.of(List.of(operations)));
  }

  static Request request(long sequence, Transaction transaction) {
    return new Request(txn(sequence), time(0), Acknowledgement.NONE, transaction);
  }

  static Transaction when(Condition condition, Operation... then) {
    return new Transaction(List.of(condition), List.of(then), List.of());
  }

  static Command execute(long sequence, Operation... operations) {
    return new Command.Execute(request(sequence, operations));
  }

  static Command.Order order(long sequence, long proposed, Operation... operations) {
    return new Command.Order(request(sequence, operations), time(proposed), TWO_GROUPS);
  }

  static Operation put(Key key, String value) {
    return new Operation.Put(key, Value.utf8(value));
  }

  static Operation append(Key key, String value) {
    return new Operation.Append(key, Value.utf8(value));
  }

  static Operation get(Key key) {
    return new Operation.Get(key);
  }

  static Operation add(Key key, long delta) {
    return new Operation.Add(key, delta, false);
  }

  static Operation addAndGet(Key key, long delta) {
    return new Operation.Add(key, delta, true);
  }
}
