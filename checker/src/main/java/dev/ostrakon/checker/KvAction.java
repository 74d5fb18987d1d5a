package dev.ostrakon.checker;

import org.jspecify.annotations.Nullable;

/** What a client asks of one key. */
public sealed interface KvAction {

  /** The names of actions as histories write them, in small letters. */
  enum Kind {
    GET,
    PUT,
    APPEND,
    DELETE,
    CAS,
    INCREMENT
  }

  Kind kind();

  /** Tells the value, or that there is none. */
  record Get() implements KvAction {
    @Override
    public Kind kind() {
      return Kind.GET;
    }
  }

  /** Sets the value. */
  record Put(String value) implements KvAction {
    @Override
    public Kind kind() {
      return Kind.PUT;
    }
  }

  /** Adds to the end of the value; the same as a put if there is none. */
  record Append(String value) implements KvAction {
    @Override
    public Kind kind() {
      return Kind.APPEND;
    }
  }

  /** Removes the value; passes if there is none. */
  record Delete() implements KvAction {
    @Override
    public Kind kind() {
      return Kind.DELETE;
    }
  }

  /**
   * Sets the value if it is the expected one, and tells whether it did.
   *
   * @param expect null stands for no value
   */
  record Cas(@Nullable String expect, String value) implements KvAction {
    @Override
    public Kind kind() {
      return Kind.CAS;
    }
  }

  /** Adds to a decimal number, 0 if there is none, and tells the sum. */
  record Increment(long delta) implements KvAction {
    @Override
    public Kind kind() {
      return Kind.INCREMENT;
    }
  }
}
