package dev.ostrakon.checker;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a client asks of the bank. */
public sealed interface BankAction {

  /** Takes an amount from one account and gives it to another one, both or neither. */
  record Transfer(String from, String to, long amount) implements BankAction {
    @Override
    public String toString() {
      return "transfer " + amount + " from " + from + " to " + to;
    }
  }

  /**
   * Reads accounts at once.
   *
   * @param balances what it found, by account; means nothing unless the operation is ok
   */
  record ReadAll(SortedMap<String, Long> balances) implements BankAction {
    public ReadAll {
      balances = Collections.unmodifiableSortedMap(new TreeMap<>(balances));
    }

    @Override
    public String toString() {
      return "read " + balances;
    }
  }
}
