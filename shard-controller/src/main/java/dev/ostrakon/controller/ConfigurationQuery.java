package dev.ostrakon.controller;

/** Which configuration is asked for. */
public sealed interface ConfigurationQuery {
  /** What a user writes for {@link Latest}. */
  long LATEST_NUMBER = -1;

  /** The newest one. */
  record Latest() implements ConfigurationQuery {}

  /** The one with this number; whether it exists is part of the answer. */
  record Numbered(long number) implements ConfigurationQuery {}

  /** What a user means by a number, of which -1 stands for the newest configuration. */
  static ConfigurationQuery of(long number) {
    return number == LATEST_NUMBER ? new Latest() : new Numbered(number);
  }
}
