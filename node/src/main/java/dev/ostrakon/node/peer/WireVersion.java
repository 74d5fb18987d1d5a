package dev.ostrakon.node.peer;

/**
 * The version of the wire format between nodes.
 *
 * @param major nodes with different majors do not talk to each other
 * @param minor grows with additions that an older node may ignore
 */
public record WireVersion(int major, int minor) {

  /** What this build speaks. */
  public static final WireVersion CURRENT = new WireVersion(2, 2);

  boolean isCompatibleWith(WireVersion other) {
    return major == other.major;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
