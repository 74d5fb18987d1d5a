package dev.ostrakon.checker;

import java.util.List;

/**
 * One thing that no correct store does.
 *
 * @param kind its short name, for example {@code G-single-realtime}
 * @param explanation one sentence that says what is wrong
 * @param operations the operations that show it, one a line, in the order that explains most
 */
public record Anomaly(String kind, String explanation, List<String> operations) {
  public Anomaly {
    operations = List.copyOf(operations);
  }

  @Override
  public String toString() {
    return kind + ": " + explanation + "\n  " + String.join("\n  ", operations);
  }
}
