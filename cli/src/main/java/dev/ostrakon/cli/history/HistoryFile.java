package dev.ostrakon.cli.history;

import dev.ostrakon.checker.BankConsistency;
import dev.ostrakon.checker.Budget;
import dev.ostrakon.checker.Linearizability;
import dev.ostrakon.checker.Report;
import dev.ostrakon.checker.StrictSerializability;
import dev.ostrakon.cli.history.EdnEvents.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges the history in a file.
 *
 * @param kind what the history is of
 */
public record HistoryFile(Kind kind, Report report) {

  /** What histories are of, and what they are checked for. */
  public enum Kind {
    REGISTER("linearizability of each key"),
    APPEND("strict serializability of transactions on lists"),
    BANK("reads of the whole bank");

    private final String property;

    Kind(String property) {
      this.property = property;
    }

    /** What is checked, for people. */
    public String property() {
      return property;
    }
  }

  /** The forms of files. */
  public enum Form {
    JSON_LINES,
    EDN;

    /** The form that the ending of the name tells, if it is one of ours. */
    public static Optional<Form> of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".edn")) {
        return Optional.of(EDN);
      }
      boolean json = name.endsWith(".jsonl") || name.endsWith(".json") || name.endsWith(".ndjson");
      return json ? Optional.of(JSON_LINES) : Optional.empty();
    }
  }

  /**
   * Reads a file and checks its history.
   *
   * @param budget for each key of a history of registers, and for the bank; transactions need none
   */
  public static HistoryFile check(Path file, Form form, Budget budget)
      throws IOException, MalformedHistoryException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return switch (form) {
        case JSON_LINES ->
            new HistoryFile(
                Kind.REGISTER, Linearizability.check(KvHistoryReader.read(lines), budget));
        case EDN -> checkEdn(EdnEvents.read(lines), budget);
      };
    } catch (MalformedInputException e) {
      throw new MalformedHistoryException(1, "the file is not UTF-8");
    }
  }

  private static HistoryFile checkEdn(List<Event> events, Budget budget)
      throws MalformedHistoryException {
    return switch (EdnWorkload.of(events)) {
      case BANK ->
          new HistoryFile(Kind.BANK, BankConsistency.check(EdnHistoryReader.bank(events), budget));
      case REGISTER ->
          new HistoryFile(
              Kind.REGISTER, Linearizability.check(EdnRegisters.operations(events), budget));
      case APPEND ->
          new HistoryFile(
              Kind.APPEND, StrictSerializability.check(EdnHistoryReader.transactions(events)));
    };
  }
}
