package dev.ostrakon.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed. There are three cases, and what a caller must do differs between them:
 *
 * <ul>
 *   <li>{@link NotExecutedException}: it had no effect and never will have one;
 *   <li>{@link CommitUnknownException}: nobody knows, yet;
 *   <li>{@link ResultsLostException}: it took effect, but what it would have returned is lost.
 * </ul>
 *
 * A future's {@code join} wraps it in {@code CompletionException}. The message of a call that was
 * sent ends with its {@link #report}. Messages never hold keys or values.
 */
public abstract sealed class KvException extends RuntimeException implements Cloneable
    permits NotExecutedException, CommitUnknownException, ResultsLostException {
  private static final long serialVersionUID = 1L;

  private transient @Nullable CallReport report;

  KvException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What the call went through; empty if it failed before it was accepted. */
  public Optional<CallReport> report() {
    return Optional.ofNullable(report);
  }

  /** What happened, without what the call went through. */
  public String sentence() {
    return String.valueOf(super.getMessage());
  }

  @Override
  public String getMessage() {
    CallReport known = report;
    String sentence = sentence();
    return known == null ? sentence : sentence + " [" + known.toString(sentence) + "]";
  }

  /** The same failure, of a call that went through this: several calls can fail for one reason. */
  final KvException with(CallReport itsReport) {
    try {
      KvException copy = (KvException) super.clone();
      copy.report = itsReport;
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("this class is Cloneable", e);
    }
  }
}
