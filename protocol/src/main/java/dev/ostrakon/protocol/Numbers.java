package dev.ostrakon.protocol;

/** Checks of unsigned fields, which Java reads as signed. */
final class Numbers {
  private Numbers() {}

  static long notNegative(String field, long value) throws MalformedMessageException {
    if (value < 0) {
      throw new MalformedMessageException(
          field + " expected in [0, 2^63), was " + Long.toUnsignedString(value));
    }
    return value;
  }

  static int notNegative(String field, int value) throws MalformedMessageException {
    if (value < 0) {
      throw new MalformedMessageException(
          field + " expected in [0, 2^31), was " + Integer.toUnsignedString(value));
    }
    return value;
  }

  static long positive(String field, long value) throws MalformedMessageException {
    if (notNegative(field, value) == 0) {
      throw new MalformedMessageException(field + " expected positive, was 0");
    }
    return value;
  }
}
