package dev.ostrakon.cli.torture;

import java.util.function.LongSupplier;

/**
 * What the parts of one run share.
 *
 * @param keyPrefix before every key, so that a run finds no keys of another one
 * @param nanos the one clock of the history
 */
record TortureRun(TortureSettings settings, String keyPrefix, LongSupplier nanos, Counts counts) {}
