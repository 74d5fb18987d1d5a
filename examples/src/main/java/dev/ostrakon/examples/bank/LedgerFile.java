package dev.ostrakon.examples.bank;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads ledgers: comma-separated text whose first line names the columns. */
public final class LedgerFile {
  private static final String COLUMNS = "id,date,account,counterparty,amount,balance";
  private static final int COLUMN_COUNT = 6;

  private LedgerFile() {}

  /** A file is no ledger; says where and why. */
  public static final class MalformedLedgerException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    MalformedLedgerException(String message) {
      super(message);
    }
  }

  /** All rows, in their order. */
  public static List<Booking> read(Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String head = lines.readLine();
      if (head == null || !head.strip().equals(COLUMNS)) {
        throw new MalformedLedgerException(
            file + " line 1: expected the columns " + COLUMNS + ", was '" + head + "'");
      }
      List<Booking> bookings = new ArrayList<>();
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          bookings.add(booking(line, file + " line " + number));
        }
      }
      return bookings;
    }
  }

  private static Booking booking(String line, String place) throws MalformedLedgerException {
    String[] cells = line.split(",", -1);
    if (cells.length != COLUMN_COUNT) {
      throw new MalformedLedgerException(
          place + ": expected " + COLUMN_COUNT + " columns, were " + cells.length);
    }
    if (cells[2].isBlank() || cells[3].isBlank() || cells[2].equals(cells[3])) {
      throw new MalformedLedgerException(
          place + ": expected two different names, were '" + cells[2] + "' and '" + cells[3] + "'");
    }
    return new Booking(
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        number(cells[4], "amount", place),
        number(cells[5], "balance", place));
  }

  private static long number(String cell, String column, String place)
      throws MalformedLedgerException {
    try {
      return Long.parseLong(cell.strip());
    } catch (NumberFormatException e) {
      throw new MalformedLedgerException(
          place + ": " + column + " is a whole number of minor units, was '" + cell + "'");
    }
  }
}
