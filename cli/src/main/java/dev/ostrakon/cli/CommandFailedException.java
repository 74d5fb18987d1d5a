package dev.ostrakon.cli;

import dev.ostrakon.client.CallReport;
import dev.ostrakon.client.KvException;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command could not do what it was asked for. Its message is the one sentence that the user
 * reads, so it says what failed, with what, and, where there is something to do, what to do.
 */
public final class CommandFailedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A check did not hold, or something failed on this machine; the sentence explains it. */
  public CommandFailedException(String sentence) {
    this(Main.FAILED, sentence, null);
  }

  /** As {@link #CommandFailedException(String)}, with a cause, which only --verbose shows. */
  public CommandFailedException(String sentence, Throwable cause) {
    this(Main.FAILED, sentence, cause);
  }

  /** A failure with the exit code that {@link Main} lists. */
  public CommandFailedException(int exitCode, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** How the command ends. */
  public int exitCode() {
    return exitCode;
  }

  /** What the call went through that failed; empty if none did. */
  Optional<CallReport> report() {
    return getCause() instanceof KvException failure ? failure.report() : Optional.empty();
  }
}
