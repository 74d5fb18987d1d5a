package dev.ostrakon.model;

import java.util.regex.Pattern;

/** The name of a node, as its operator chose it: 1 to 63 of {@code a-z A-Z 0-9 . _ -}. */
public record NodeId(String name) implements Comparable<NodeId> {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9._-]{1,63}");

  /** Requires a well-formed name. */
  public NodeId {
    if (!ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a node's name is 1 to 63 of a-z A-Z 0-9 . _ -, was '" + name + "'");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return name.compareTo(other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeId that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
