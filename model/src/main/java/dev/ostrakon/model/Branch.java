package dev.ostrakon.model;

/** Which part of a transaction was carried out. The codes are part of the log format. */
public enum Branch {
  /** All conditions held. */
  THEN(1),
  /** Some condition did not hold. */
  OTHERWISE(2);

  private final int code;

  Branch(int code) {
    this.code = code;
  }

  /** The stable code of the case. */
  public int code() {
    return code;
  }
}
