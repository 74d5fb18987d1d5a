package dev.ostrakon.model;

/** A user's key: any bytes, at least one. Ordered as unsigned bytes, lexicographically. */
public record Key(ByteString bytes) implements Comparable<Key> {
  /** Requires at least one byte. */
  public Key {
    if (bytes.isEmpty()) {
      throw new IllegalArgumentException("a key has at least one byte, was empty");
    }
  }

  /** The key with this text in UTF-8. */
  public static Key utf8(String text) {
    return new Key(ByteString.utf8(text));
  }

  @Override
  public int compareTo(Key other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return "key of " + bytes;
  }
}
