package dev.ostrakon.client;

/**
 * What was read is not UTF-8 and so is no {@code String}: read it as {@code byte[]}. Nothing is
 * replaced, for a text with replaced bytes that is written back would destroy what was stored.
 */
public final class NotTextException extends NotExecutedException {
  private static final long serialVersionUID = 1L;

  NotTextException(String message) {
    super(message, null);
  }
}
