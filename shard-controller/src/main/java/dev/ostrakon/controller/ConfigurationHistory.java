package dev.ostrakon.controller;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.Row;
import java.util.List;

/**
 * All configurations there ever were, in the state store: nothing of them is kept in memory. Each
 * is one row, most of them as the difference to the one before; see {@link ConfigurationFormat}.
 */
final class ConfigurationHistory {
  private final StateStore store;

  ConfigurationHistory(StateStore store) {
    this.store = store;
  }

  void putInitial(Configuration initial) {
    put(initial.number(), ConfigurationFormat.encodeWhole(initial));
  }

  void putNext(Configuration before, Configuration next) {
    boolean whole = ConfigurationFormat.baseOf(next.number()) == next.number();
    put(
        next.number(),
        whole
            ? ConfigurationFormat.encodeWhole(next)
            : ConfigurationFormat.encodeDelta(before, next));
  }

  private void put(long number, Bytes row) {
    store.put(StateRows.configurationKey(number), row);
  }

  /** Reads the configuration with this number, which must exist. */
  void read(long number, Callback<Configuration> callback) {
    RowRange.read(
        store,
        StateRows.configurationKey(ConfigurationFormat.baseOf(number)),
        StateRows.configurationKey(number + 1),
        rows -> rebuild(number, rows),
        callback);
  }

  private static Configuration rebuild(long number, List<Row> rows) {
    long base = ConfigurationFormat.baseOf(number);
    ByteReader.require(
        rows.size() == number - base + 1,
        "configurations " + base + " to " + number + " have " + rows.size() + " rows");
    Configuration configuration = ConfigurationFormat.decodeWhole(rows.get(0).value());
    requireNumber(configuration, base);
    for (int i = 1; i < rows.size(); i++) {
      configuration = ConfigurationFormat.decodeDelta(configuration, rows.get(i).value());
      requireNumber(configuration, base + i);
    }
    return configuration;
  }

  private static void requireNumber(Configuration configuration, long expected) {
    ByteReader.require(
        configuration.number() == expected,
        "row of configuration " + expected + " holds number " + configuration.number());
  }
}
