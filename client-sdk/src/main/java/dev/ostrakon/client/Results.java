package dev.ostrakon.client;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Value;
import java.util.Optional;

/** What users are given of what was read. */
final class Results {
  private Results() {}

  static Optional<Versioned<String>> firstText(RequestOutcome.Committed committed) {
    return committed.results().get(0) instanceof OperationResult.Present present
        ? Optional.of(text(present))
        : Optional.empty();
  }

  static Optional<Versioned<byte[]>> firstBytes(RequestOutcome.Committed committed) {
    return committed.results().get(0) instanceof OperationResult.Present present
        ? Optional.of(bytes(present))
        : Optional.empty();
  }

  static Long firstNumber(RequestOutcome.Committed committed) {
    return TxnResult.of(committed).number(0).orElseThrow();
  }

  static Versioned<String> text(OperationResult.Present present) {
    Value value = present.value();
    return new Versioned<>(Text.of(value.bytes(), "a value"), present.version());
  }

  static Versioned<byte[]> bytes(OperationResult.Present present) {
    ByteString value = present.value().bytes();
    return new Versioned<>(value.toByteArray(), present.version());
  }
}
