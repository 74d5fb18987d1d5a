package dev.ostrakon.cli.history;

import dev.ostrakon.cli.history.EdnEvents.Event;
import dev.ostrakon.cli.history.EdnReader.Word;
import java.util.List;
import java.util.Map;

/** Tells what an EDN history is of, by the words of its operations. */
final class EdnWorkload {
  static final String TRANSACTION = ":txn";
  static final String TRANSFER = ":transfer";
  static final String READ = ":read";
  static final String WRITE = ":write";
  static final String CAS = ":cas";

  private static final Word STEP_READ = new Word(":r");
  private static final Word STEP_WRITE = new Word(":w");

  private EdnWorkload() {}

  /**
   * The kind of a history. It is of the bank if it has a transfer, or a read that found balances: a
   * map, or steps with numbers. It is of registers if it has a write or a compare-and-set, or reads
   * that found neither. Else it is of lists.
   *
   * @throws MalformedHistoryException if an operation is of none of these
   */
  static HistoryFile.Kind of(List<Event> events) throws MalformedHistoryException {
    boolean bank = false;
    boolean registers = false;
    boolean transactions = false;
    for (Event event : events) {
      switch (event.f()) {
        case TRANSACTION -> {
          requireNoWrite(event);
          transactions = true;
          bank |= readsNumber(event);
        }
        case TRANSFER -> bank = true;
        case READ -> bank |= event.value() instanceof Map<?, ?>;
        case WRITE, CAS -> registers = true;
        default ->
            throw new MalformedHistoryException(
                event.line(),
                ":f is one of :txn (lists, or reads of the bank), :transfer and :read (the bank),"
                    + " and :read, :write and :cas (registers), was "
                    + event.f());
      }
    }
    if (bank) {
      return HistoryFile.Kind.BANK;
    }
    return registers || (!transactions && !events.isEmpty())
        ? HistoryFile.Kind.REGISTER
        : HistoryFile.Kind.APPEND;
  }

  private static void requireNoWrite(Event event) throws MalformedHistoryException {
    if (event.value() instanceof List<?> steps
        && steps.stream()
            .anyMatch(step -> step instanceof List<?> parts && parts.indexOf(STEP_WRITE) == 0)) {
      throw new MalformedHistoryException(
          event.line(),
          "transactions that write registers ([:w key value]) are not checked; expected"
              + " [:append key number] and [:r key list]");
    }
  }

  private static boolean readsNumber(Event event) {
    return event.value() instanceof List<?> steps
        && steps.stream()
            .anyMatch(
                step ->
                    step instanceof List<?> parts
                        && parts.size() == 3
                        && STEP_READ.equals(parts.get(0))
                        && parts.get(2) instanceof Long);
  }
}
