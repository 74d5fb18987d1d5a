package dev.ostrakon.client;

import java.util.List;

/**
 * The rules of {@link ClientConfig} and its parts. Not a part of it: a part that was used before
 * the whole would initialise the whole with parts that are not there yet.
 */
final class ConfigRules {
  private ConfigRules() {}

  static void requireIn(List<String> violations, String name, long value, long min, long max) {
    if (value < min || value > max) {
      violations.add(name + " must be in [" + min + ", " + max + "], was " + value);
    }
  }

  static void requireNone(List<String> violations) {
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", violations));
    }
  }
}
