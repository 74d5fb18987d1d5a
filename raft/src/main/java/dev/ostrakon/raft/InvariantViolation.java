package dev.ostrakon.raft;

/** A bug: something that the protocol rules out has happened. The replica must stop. */
public final class InvariantViolation extends Error {

  private static final long serialVersionUID = 1L;

  public InvariantViolation(String message) {
    super(message);
  }
}
