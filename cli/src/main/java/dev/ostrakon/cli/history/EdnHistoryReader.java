package dev.ostrakon.cli.history;

import dev.ostrakon.checker.BankAction;
import dev.ostrakon.checker.BankOperation;
import dev.ostrakon.checker.Elements;
import dev.ostrakon.checker.Status;
import dev.ostrakon.checker.Step;
import dev.ostrakon.checker.TxnOperation;
import dev.ostrakon.cli.history.EdnEvents.Event;
import dev.ostrakon.cli.history.EdnReader.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gives the operations of an EDN history their meaning: transactions on lists, or the bank. */
final class EdnHistoryReader {
  private static final Word READ = new Word(":r");
  private static final Word APPEND = new Word(":append");

  private EdnHistoryReader() {}

  static List<TxnOperation> transactions(List<Event> events) throws MalformedHistoryException {
    List<TxnOperation> history = new ArrayList<>();
    for (Event event : events) {
      List<Step> steps = new ArrayList<>();
      for (List<?> parts : steps(event)) {
        steps.add(step(event, parts));
      }
      history.add(new TxnOperation(event.span(), event.status(), steps));
    }
    return history;
  }

  private static List<List<?>> steps(Event event) throws MalformedHistoryException {
    if (!(event.value() instanceof List<?> steps)) {
      throw new MalformedHistoryException(
          event.line(), ":value of a transaction is a vector of steps");
    }
    List<List<?>> checked = new ArrayList<>();
    for (Object step : steps) {
      if (!(step instanceof List<?> parts) || parts.size() != 3) {
        throw new MalformedHistoryException(
            event.line(), "a step is a vector of three, was " + step);
      }
      checked.add(parts);
    }
    return checked;
  }

  private static Step step(Event event, List<?> parts) throws MalformedHistoryException {
    String key = key(event, parts.get(1));
    Object argument = parts.get(2);
    if (APPEND.equals(parts.get(0)) && argument instanceof Long element) {
      return new Step.Append(key, element);
    }
    if (READ.equals(parts.get(0))) {
      // What a transaction that is not ok has read means nothing.
      Object found = event.status() == Status.OK ? argument : null;
      return new Step.Read(key, elements(event, found));
    }
    throw new MalformedHistoryException(
        event.line(), "a step is [:r key list] or [:append key number], was " + parts);
  }

  private static String key(Event event, @Nullable Object key) throws MalformedHistoryException {
    if (key instanceof Long || key instanceof String || key instanceof Word) {
      return key.toString();
    }
    throw new MalformedHistoryException(
        event.line(), "a key is a number, a string or a keyword, was " + key);
  }

  private static Elements elements(Event event, @Nullable Object found)
      throws MalformedHistoryException {
    if (found == null) {
      return Elements.EMPTY;
    }
    if (!(found instanceof List<?> list)) {
      throw new MalformedHistoryException(
          event.line(), "a read finds a vector or nil, was " + found);
    }
    long[] numbers = new long[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Long number)) {
        throw new MalformedHistoryException(
            event.line(), "the elements of a list are numbers, was " + list.get(i));
      }
      numbers[i] = number;
    }
    return Elements.of(numbers);
  }

  static List<BankOperation> bank(List<Event> events) throws MalformedHistoryException {
    List<BankOperation> history = new ArrayList<>();
    for (Event event : events) {
      BankAction action = event.f().equals(EdnWorkload.TRANSFER) ? transfer(event) : readAll(event);
      history.add(new BankOperation(event.span(), event.status(), action));
    }
    return history;
  }

  private static BankAction transfer(Event event) throws MalformedHistoryException {
    if (event.value() instanceof Map<?, ?> parts
        && parts.get(new Word(":amount")) instanceof Long amount) {
      return new BankAction.Transfer(
          key(event, parts.get(new Word(":from"))), key(event, parts.get(new Word(":to"))), amount);
    }
    throw new MalformedHistoryException(
        event.line(), ":value of a transfer is {:from account :to account :amount number}");
  }

  /** Balances as steps, or as Jepsen's map from accounts to balances. */
  private static BankAction readAll(Event event) throws MalformedHistoryException {
    TreeMap<String, Long> balances = new TreeMap<>();
    if (event.f().equals(EdnWorkload.READ)) {
      if (event.status() == Status.OK) {
        readMap(event, balances);
      }
      return new BankAction.ReadAll(balances);
    }
    for (List<?> parts : steps(event)) {
      Object balance = parts.get(2);
      if (!READ.equals(parts.get(0)) || !(balance == null || balance instanceof Long)) {
        throw new MalformedHistoryException(
            event.line(), "a read of the bank is of [:r account balance], was " + parts);
      }
      if (event.status() == Status.OK) {
        balances.put(
            key(event, parts.get(1)), balance instanceof Long number ? number : Long.valueOf(0));
      }
    }
    return new BankAction.ReadAll(balances);
  }

  private static void readMap(Event event, Map<String, Long> balances)
      throws MalformedHistoryException {
    if (!(event.value() instanceof Map<?, ?> found)) {
      throw new MalformedHistoryException(
          event.line(),
          ":value of a read of the bank that is ok is {account balance ...}, was " + event.value());
    }
    for (Map.Entry<?, ?> entry : found.entrySet()) {
      Object balance = entry.getValue();
      if (!(balance == null || balance instanceof Long)) {
        throw new MalformedHistoryException(
            event.line(), "a balance is a whole number or nil, was " + balance);
      }
      balances.put(key(event, entry.getKey()), balance instanceof Long number ? number : 0L);
    }
  }
}
