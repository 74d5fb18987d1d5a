package dev.ostrakon.node.settings;

import java.util.List;

/** The settings cannot be used; the message has one sentence for each violation. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> violations;

  /** Tells all violations at once. */
  public SettingsException(List<String> violations) {
    super(String.join("; ", violations));
    this.violations = List.copyOf(violations);
  }

  /** Tells one violation. */
  public SettingsException(String violation) {
    this(List.of(violation));
  }

  /** One sentence for each. */
  public List<String> violations() {
    return violations;
  }
}
