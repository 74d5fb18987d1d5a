package dev.ostrakon.cli.history;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Writes an EDN history while it happens. A line and its number are given out under one lock, so
 * the lines are in the order of the numbers, and a call is in the file before it is sent. Any
 * thread.
 */
public final class EdnHistoryWriter implements AutoCloseable {
  private final Writer writer;
  private final LongSupplier nanos;
  private long index;

  private EdnHistoryWriter(Writer writer, LongSupplier nanos) {
    this.writer = writer;
    this.nanos = nanos;
  }

  /**
   * Begins a file; one that exists is replaced.
   *
   * @param nanos the one clock of the history
   */
  public static EdnHistoryWriter open(Path file, LongSupplier nanos) throws IOException {
    return new EdnHistoryWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), nanos);
  }

  /**
   * Adds a line.
   *
   * @param type {@code :invoke}, {@code :ok}, {@code :fail} or {@code :info}
   * @param process who calls or was answered
   * @param f {@code :txn} or {@code :transfer}
   * @param value an EDN form
   */
  public synchronized void write(String type, int process, String f, String value)
      throws IOException {
    writer.write(
        "{:index "
            + index++
            + " :type "
            + type
            + " :process "
            + process
            + " :f "
            + f
            + " :value "
            + value
            + " :time "
            + nanos.getAsLong()
            + "}\n");
  }

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }
}
