package dev.ostrakon.cli;

import dev.ostrakon.client.CallReport;
import dev.ostrakon.client.CommitUnknownException;
import dev.ostrakon.client.InvalidRequestException;
import dev.ostrakon.client.KvException;
import dev.ostrakon.client.NotTextException;
import dev.ostrakon.client.ShardsException;
import dev.ostrakon.client.TransactionRefusedException;
import dev.ostrakon.client.WrongClusterException;
import dev.ostrakon.protocol.ErrorCode;
import java.util.Objects;
import java.util.Optional;

/** What a user reads of a call that failed, and how the command ends. */
final class CallFailures {
  private CallFailures() {}

  static CommandFailedException of(Throwable cause) {
    if (cause instanceof CommitUnknownException unknown) {
      Optional<CallReport> report = unknown.report();
      return new CommandFailedException(
          Main.UNREACHABLE,
          "The outcome is unknown: the request "
              + unknown.requestId()
              + " was sent and not answered in time; look at the data before you repeat it"
              + report.map(told -> " [" + told + "]").orElse("")
              + ".",
          cause);
    }
    String message = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    String kind = cause instanceof KvException ? "" : cause.getClass().getSimpleName() + ": ";
    return new CommandFailedException(exitCode(cause), kind + message, cause);
  }

  /**
   * Refused is what fails again however often it is repeated. All else is a cluster that could not
   * be asked or could not serve, also one that is overloaded, or whose answer was lost.
   */
  private static int exitCode(Throwable cause) {
    if (cause instanceof ShardsException told) {
      return told.code() == ErrorCode.UNKNOWN_CONFIGURATION ? Main.ABSENT : Main.REFUSED;
    }
    boolean refused =
        cause instanceof InvalidRequestException
            || cause instanceof TransactionRefusedException
            || cause instanceof WrongClusterException
            || cause instanceof NotTextException
            || cause instanceof IllegalArgumentException;
    return refused ? Main.REFUSED : Main.UNREACHABLE;
  }
}
