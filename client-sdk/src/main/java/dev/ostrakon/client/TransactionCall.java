package dev.ostrakon.client;

import dev.ostrakon.model.Condition;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.protocol.CallCodec;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** A transaction, be it of one operation, that writes or only reads. */
final class TransactionCall<T> extends Call<T> {
  private final Transaction transaction;
  private final boolean writes;
  private final Function<RequestOutcome.Committed, T> reader;

  TransactionCall(
      ClientLoop loop,
      long deadlineNanos,
      Transaction transaction,
      Function<RequestOutcome.Committed, T> reader) {
    super(loop, deadlineNanos, sizeOf(transaction));
    this.transaction = transaction;
    this.writes = !KvCall.isReadOnly(transaction);
    this.reader = reader;
  }

  @Override
  boolean writes() {
    return writes;
  }

  @Override
  SessionRequest.Builder body() {
    return CallCodec.body(transaction);
  }

  /** The coordinator of several groups is any of them: they take turns, request by request. */
  @Override
  Target target(Router router) {
    if (transaction.conditions().isEmpty()
        && transaction.otherwise().isEmpty()
        && transaction.then().size() == 1) {
      return new Target(router.groupOf(transaction.then().get(0).key()), true);
    }
    SortedSet<GroupId> groups = new TreeSet<>();
    for (Key key : transaction.keys()) {
      GroupId group = router.groupOf(key);
      if (group.equals(GroupId.CONTROLLER)) {
        return new Target(group, true);
      }
      groups.add(group);
    }
    if (groups.isEmpty()) {
      groups.addAll(router.groups());
    }
    if (groups.isEmpty()) {
      return new Target(GroupId.CONTROLLER, true);
    }
    List<GroupId> choices = new ArrayList<>(groups);
    int choice = (int) Math.floorMod(router.turn(this) + pauses, (long) choices.size());
    return new Target(choices.get(choice), choices.size() == 1);
  }

  @Override
  List<Key> keys() {
    return List.copyOf(transaction.keys());
  }

  @Override
  T read(KvAnswer answer) {
    return reader.apply(((KvAnswer.Done) answer).committed());
  }

  private static int sizeOf(Transaction transaction) {
    long size = sizeOf(transaction.then()) + sizeOf(transaction.otherwise());
    for (Condition condition : transaction.conditions()) {
      size += condition.key().bytes().size();
      if (condition instanceof Condition.ValueIs is) {
        size += is.value().bytes().size();
      } else if (condition instanceof Condition.ValueIsNot isNot) {
        size += isNot.value().bytes().size();
      }
    }
    return (int) Math.min(Integer.MAX_VALUE, size);
  }

  private static long sizeOf(List<Operation> operations) {
    long size = 0;
    for (Operation operation : operations) {
      size += operation.key().bytes().size();
      if (operation instanceof Operation.Put put) {
        size += put.value().bytes().size();
      } else if (operation instanceof Operation.Append append) {
        size += append.value().bytes().size();
      }
    }
    return size;
  }
}
