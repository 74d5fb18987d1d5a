package dev.ostrakon.client;

/**
 * The call took effect, once, and with which results cannot be told any more: slots have moved to
 * other groups since it was carried out.
 *
 * <p>What a caller must not do: make the call again. What a caller can do: read the keys, which
 * show the effect and perhaps those of later calls.
 */
public final class ResultsLostException extends KvException {
  private static final long serialVersionUID = 1L;

  ResultsLostException(String message) {
    super(message, null);
  }
}
