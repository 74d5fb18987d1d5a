package dev.ostrakon.cli.torture;

import java.util.function.LongSupplier;

/**
 * What the parts of one run share.
 *
 * @param nanos the one clock of the history
 */
record TortureRun(TortureSettings settings, LongSupplier nanos, Counts counts) {
  /** Before every key. */
  String keyPrefix() {
    return settings.keyPrefix();
  }
}
