package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.protocol.v1.Comparison;
import dev.ostrakon.protocol.v1.ConditionKind;
import dev.ostrakon.protocol.v1.OperationKind;
import java.util.ArrayList;
import java.util.List;

/** Operations, conditions and transactions. */
public final class TransactionCodec {
  private TransactionCodec() {}

  /** The wire form of a transaction. */
  public static dev.ostrakon.protocol.v1.Transaction encode(Transaction transaction) {
    dev.ostrakon.protocol.v1.Transaction.Builder wire =
        dev.ostrakon.protocol.v1.Transaction.newBuilder();
    for (Condition condition : transaction.conditions()) {
      wire.addConditions(encode(condition));
    }
    for (Operation operation : transaction.then()) {
      wire.addThen(encode(operation));
    }
    for (Operation operation : transaction.otherwise()) {
      wire.addOtherwise(encode(operation));
    }
    return wire.build();
  }

  /** The transaction of a wire form. */
  public static Transaction decode(dev.ostrakon.protocol.v1.Transaction wire)
      throws MalformedMessageException {
    List<Condition> conditions = new ArrayList<>(wire.getConditionsCount());
    for (dev.ostrakon.protocol.v1.Condition condition : wire.getConditionsList()) {
      conditions.add(decode(condition));
    }
    return new Transaction(
        conditions, decodeAll(wire.getThenList()), decodeAll(wire.getOtherwiseList()));
  }

  private static List<Operation> decodeAll(List<dev.ostrakon.protocol.v1.Operation> wire)
      throws MalformedMessageException {
    List<Operation> operations = new ArrayList<>(wire.size());
    for (dev.ostrakon.protocol.v1.Operation operation : wire) {
      operations.add(decode(operation));
    }
    return operations;
  }

  /** The wire form of an operation. */
  public static dev.ostrakon.protocol.v1.Operation encode(Operation operation) {
    dev.ostrakon.protocol.v1.Operation.Builder wire =
        dev.ostrakon.protocol.v1.Operation.newBuilder().setKey(WireBytes.encode(operation.key()));
    return switch (operation.kind()) {
      case GET -> wire.setKind(OperationKind.OPERATION_KIND_GET).build();
      case PUT ->
          wire.setKind(OperationKind.OPERATION_KIND_PUT)
              .setValue(WireBytes.encode(((Operation.Put) operation).value()))
              .build();
      case APPEND ->
          wire.setKind(OperationKind.OPERATION_KIND_APPEND)
              .setValue(WireBytes.encode(((Operation.Append) operation).value()))
              .build();
      case DELETE -> wire.setKind(OperationKind.OPERATION_KIND_DELETE).build();
      case ADD -> {
        Operation.Add add = (Operation.Add) operation;
        yield wire.setKind(OperationKind.OPERATION_KIND_ADD)
            .setDelta(add.delta())
            .setWantsValue(add.wantsValue())
            .build();
      }
    };
  }

  /** The operation of a wire form; fields that its kind does not use are ignored. */
  public static Operation decode(dev.ostrakon.protocol.v1.Operation wire)
      throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    return switch (wire.getKind()) {
      case OPERATION_KIND_GET -> new Operation.Get(key);
      case OPERATION_KIND_PUT -> new Operation.Put(key, WireBytes.decodeValue(wire.getValue()));
      case OPERATION_KIND_APPEND ->
          new Operation.Append(key, WireBytes.decodeValue(wire.getValue()));
      case OPERATION_KIND_DELETE -> new Operation.Delete(key);
      case OPERATION_KIND_ADD -> new Operation.Add(key, wire.getDelta(), wire.getWantsValue());
      case OPERATION_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(
              "expected an operation of a known kind, was kind " + wire.getKindValue());
    };
  }

  /** The wire form of a condition. */
  public static dev.ostrakon.protocol.v1.Condition encode(Condition condition) {
    dev.ostrakon.protocol.v1.Condition.Builder wire =
        dev.ostrakon.protocol.v1.Condition.newBuilder().setKey(WireBytes.encode(condition.key()));
    return switch (condition.kind()) {
      case EXISTS -> wire.setKind(ConditionKind.CONDITION_KIND_EXISTS).build();
      case MISSING -> wire.setKind(ConditionKind.CONDITION_KIND_MISSING).build();
      case VALUE_IS ->
          wire.setKind(ConditionKind.CONDITION_KIND_VALUE_IS)
              .setValue(WireBytes.encode(((Condition.ValueIs) condition).value()))
              .build();
      case VALUE_IS_NOT ->
          wire.setKind(ConditionKind.CONDITION_KIND_VALUE_IS_NOT)
              .setValue(WireBytes.encode(((Condition.ValueIsNot) condition).value()))
              .build();
      case NUMBER_IS -> {
        Condition.NumberIs number = (Condition.NumberIs) condition;
        yield wire.setKind(ConditionKind.CONDITION_KIND_NUMBER_IS)
            .setComparison(encode(number.comparison()))
            .setBound(number.bound())
            .build();
      }
      case VERSION_IS ->
          wire.setKind(ConditionKind.CONDITION_KIND_VERSION_IS)
              .setVersion(((Condition.VersionIs) condition).version().packed())
              .build();
    };
  }

  /** The condition of a wire form; fields that its kind does not use are ignored. */
  public static Condition decode(dev.ostrakon.protocol.v1.Condition wire)
      throws MalformedMessageException {
    Key key = WireBytes.decodeKey(wire.getKey());
    return switch (wire.getKind()) {
      case CONDITION_KIND_EXISTS -> new Condition.Exists(key);
      case CONDITION_KIND_MISSING -> new Condition.Missing(key);
      case CONDITION_KIND_VALUE_IS ->
          new Condition.ValueIs(key, WireBytes.decodeValue(wire.getValue()));
      case CONDITION_KIND_VALUE_IS_NOT ->
          new Condition.ValueIsNot(key, WireBytes.decodeValue(wire.getValue()));
      case CONDITION_KIND_NUMBER_IS ->
          new Condition.NumberIs(key, decodeComparison(wire), wire.getBound());
      case CONDITION_KIND_VERSION_IS ->
          new Condition.VersionIs(key, HybridTimestamp.fromPacked(wire.getVersion()));
      case CONDITION_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(
              "expected a condition of a known kind, was kind " + wire.getKindValue());
    };
  }

  private static Comparison encode(Condition.Comparison comparison) {
    return switch (comparison) {
      case LESS -> Comparison.COMPARISON_LESS;
      case LESS_OR_EQUAL -> Comparison.COMPARISON_LESS_OR_EQUAL;
      case EQUAL -> Comparison.COMPARISON_EQUAL;
      case NOT_EQUAL -> Comparison.COMPARISON_NOT_EQUAL;
      case GREATER_OR_EQUAL -> Comparison.COMPARISON_GREATER_OR_EQUAL;
      case GREATER -> Comparison.COMPARISON_GREATER;
    };
  }

  private static Condition.Comparison decodeComparison(dev.ostrakon.protocol.v1.Condition wire)
      throws MalformedMessageException {
    return switch (wire.getComparison()) {
      case COMPARISON_LESS -> Condition.Comparison.LESS;
      case COMPARISON_LESS_OR_EQUAL -> Condition.Comparison.LESS_OR_EQUAL;
      case COMPARISON_EQUAL -> Condition.Comparison.EQUAL;
      case COMPARISON_NOT_EQUAL -> Condition.Comparison.NOT_EQUAL;
      case COMPARISON_GREATER_OR_EQUAL -> Condition.Comparison.GREATER_OR_EQUAL;
      case COMPARISON_GREATER -> Condition.Comparison.GREATER;
      case COMPARISON_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(
              "expected a known comparison, was " + wire.getComparisonValue());
    };
  }
}
