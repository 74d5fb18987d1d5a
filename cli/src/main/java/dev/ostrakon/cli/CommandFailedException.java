package dev.ostrakon.cli;

import java.io.Serial;

/**
 * A command could not do what it was asked for. Its message is the one sentence that the user
 * reads, so it says what failed, with what, and, where there is something to do, what to do.
 */
public final class CommandFailedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** A failure that the sentence explains completely. */
  public CommandFailedException(String sentence) {
    super(sentence);
  }

  /** A failure with a cause, which only {@code --verbose} shows. */
  public CommandFailedException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
