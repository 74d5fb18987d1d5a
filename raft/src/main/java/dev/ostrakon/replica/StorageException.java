package dev.ostrakon.replica;

/**
 * Storage cannot be used or trusted. The replica that meets it stops: it no longer votes,
 * acknowledges or serves.
 */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public StorageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** What is wrong, as far as somebody would act differently on it. */
  public enum Reason {
    /** Reading or writing failed; after a failed sync the log is unknown. */
    IO_ERROR,
    /** No space is left; free some and restart. */
    DISK_FULL,
    /** A checksum, a length or a sequence does not hold: restore this replica from its peers. */
    CORRUPT,
    /** Written by a newer version: use that version or a newer one. */
    NEWER_FORMAT,
    /** The folder belongs to another node or cluster. */
    FOREIGN_DISK,
    /** Another process has the folder open. */
    IN_USE,
    /** The storage was closed while the operation waited. */
    CLOSED
  }
}
