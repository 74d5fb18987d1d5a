package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a committed transaction gave.
 *
 * @param timestamp its place in the order, and the version of what it wrote
 * @param branch {@link Branch#THEN} if all conditions held
 * @param results one for each operation of that branch, in order
 */
public record TxnResult(HybridTimestamp timestamp, Branch branch, List<OperationResult> results) {
  /** Copies the list. */
  public TxnResult {
    results = List.copyOf(results);
  }

  static TxnResult of(RequestOutcome.Committed committed) {
    return new TxnResult(committed.timestamp(), committed.branch(), committed.results());
  }

  /** Whether all conditions held, so that the first branch was carried out. */
  public boolean conditionsHeld() {
    return branch == Branch.THEN;
  }

  /**
   * What an operation read, as text; empty if the key had no value or the operation reads nothing.
   *
   * @param index counts the operations of the branch from 0
   * @throws IndexOutOfBoundsException if the branch has no such operation
   * @throws NotTextException if it is not UTF-8
   */
  public Optional<String> text(int index) {
    return valueAt(index).map(value -> Text.of(value.bytes(), "a value"));
  }

  /** As {@link #text}, as bytes. */
  public Optional<byte[]> bytes(int index) {
    return valueAt(index).map(value -> value.bytes().toByteArray());
  }

  /** As {@link #text}, as a number; empty too if the value is none. */
  public OptionalLong number(int index) {
    return valueAt(index).map(Value::asNumber).orElseGet(OptionalLong::empty);
  }

  /** When what an operation read was written; empty as for {@link #text}. */
  public Optional<HybridTimestamp> version(int index) {
    return results.get(index) instanceof OperationResult.Present present
        ? Optional.of(present.version())
        : Optional.empty();
  }

  private Optional<Value> valueAt(int index) {
    return results.get(index) instanceof OperationResult.Present present
        ? Optional.of(present.value())
        : Optional.empty();
  }
}
