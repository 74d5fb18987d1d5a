package dev.ostrakon.checker;

/** One step of a transaction on lists; steps see the earlier ones of their transaction. */
public sealed interface Step {
  String key();

  /** Adds a number to the end of the list; no other step of a history adds it to the same list. */
  record Append(String key, long element) implements Step {
    @Override
    public String toString() {
      return "[:append " + key + " " + element + "]";
    }
  }

  /**
   * Reads the list.
   *
   * @param found what it read; means nothing unless the transaction is ok
   */
  record Read(String key, Elements found) implements Step {
    @Override
    public String toString() {
      return "[:r " + key + " " + found + "]";
    }
  }
}
