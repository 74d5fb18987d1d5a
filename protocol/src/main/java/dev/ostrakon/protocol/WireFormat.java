package dev.ostrakon.protocol;

/** The version and the sizes of the public wire format. */
public final class WireFormat {
  /** Peers with different majors do not talk to each other. */
  public static final int MAJOR = 1;

  /** Grows with additions that an older peer may ignore or refuse one by one. */
  public static final int MINOR = 1;

  /**
   * The largest frame that this version makes or takes: a transaction of the largest size that the
   * default limits allow, and room for what surrounds it.
   */
  public static final int FRAME_BYTES_MAX = 8 << 20; // 8 MiB

  private WireFormat() {}
}
