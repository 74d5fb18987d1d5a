package dev.ostrakon.client;

/** No group served a key's slot in time: it is on its way to another group. */
public final class WrongShardException extends RetryableException {
  private static final long serialVersionUID = 1L;

  private final long configurationNumber;

  WrongShardException(String message, long configurationNumber) {
    super(message, null);
    this.configurationNumber = configurationNumber;
  }

  /** The newest configuration that anybody told of; 0 if nobody did. */
  public long configurationNumber() {
    return configurationNumber;
  }
}
