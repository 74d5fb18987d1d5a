package dev.ostrakon.model;

/**
 * The id of one client's session: 128 random bits, drawn when the client connects, so that no
 * registration is needed and no two clients ever share one.
 */
public record ClientId(long high, long low) implements Comparable<ClientId> {
  @Override
  public int compareTo(ClientId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientId that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
