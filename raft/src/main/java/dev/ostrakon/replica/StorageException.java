package dev.ostrakon.replica;

/**
 * Storage cannot be used or trusted. The replica that meets it stops: it no longer votes,
 * acknowledges or serves.
 */
public final class StorageException extends RuntimeException {

  /**
   * What damage means and what to do about it, to end a message with: what is lost, what is safe,
   * and what must not be done. Peers refuse a node that comes back under its name with an empty
   * folder, since it has forgotten what it promised; so this never advises to delete anything.
   */
  public static final String DAMAGE_ADVICE =
      ". What is in this folder alone may be lost. What was acknowledged is not, if the group has"
          + " more than one replica: a majority holds it and serves on without this node, so leave"
          + " it down. Do not delete or empty the folder: with one replica it is all there is, and"
          + " peers refuse a node whose disk was replaced. Copy the folder before any attempt to"
          + " mend it; put the damaged files back only from a copy that was made after the node"
          + " last ran";

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

  /** Damage: what was found, and {@link #DAMAGE_ADVICE}. */
  public static StorageException corrupt(String what, Throwable cause) {
    return new StorageException(Reason.CORRUPT, what + DAMAGE_ADVICE, cause);
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
    /** A checksum, a length or a sequence does not hold: the folder must not be used. */
    CORRUPT,
    /** Written by a newer version: use that version or a newer one. */
    NEWER_FORMAT,
    /** Written by an older version whose format is not read any more: use that version. */
    OLDER_FORMAT,
    /** The folder belongs to another node or cluster. */
    FOREIGN_DISK,
    /** An {@link Error}, such as a bug or exhausted memory, ended an operation half-way. */
    PROGRAM_ERROR,
    /** Another process has the folder open. */
    IN_USE,
    /** The storage was closed while the operation waited. */
    CLOSED
  }
}
