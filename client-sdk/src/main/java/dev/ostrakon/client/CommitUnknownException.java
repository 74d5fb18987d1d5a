package dev.ostrakon.client;

import dev.ostrakon.model.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The call was sent and no answer came in its time: it may have taken effect, it may still do so,
 * or never.
 *
 * <p>What a caller may conclude: nothing but that it happened at most once. What a caller must not
 * do: make the call again as if it had not happened, unless doing it twice is harmless. What a
 * caller can do: {@link OstrakonClient#outcome(LostRequest)} with {@link #request}, which tells for
 * certain while results are remembered, and makes sure that the call does not happen any more if it
 * has not yet. It works from any client, also in another process.
 *
 * <p>This is no {@link RetryableException} on purpose: the client itself has already sent the
 * request again, under the same id, as often as its time allowed.
 */
public final class CommitUnknownException extends KvException {
  private static final long serialVersionUID = 1L;

  private final transient LostRequest request;

  CommitUnknownException(String message, LostRequest request, @Nullable Throwable cause) {
    super(message, cause);
    this.request = request;
  }

  /** What to ask for. */
  public LostRequest request() {
    return request;
  }

  /** The id of the request, which is the same in the cluster's logs. */
  public RequestId requestId() {
    return request.id();
  }
}
