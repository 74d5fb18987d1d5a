package dev.ostrakon.checker;

/**
 * A transfer that took effect, or may have, as a search sees it that goes one way.
 *
 * @param number counts the transfers that are certain, and apart from them the others
 * @param from the index of an account
 */
record BankTransfer(int number, BankOperation operation, Span span, int from, int to, long amount) {
  boolean isCertain() {
    return operation.status() == Status.OK;
  }

  boolean touches(int account) {
    return from == account || to == account;
  }

  void addTo(long[] balances, int sign) {
    balances[from] -= sign * amount;
    balances[to] += sign * amount;
  }

  boolean isTwinOf(BankTransfer other) {
    return from == other.from && to == other.to && amount == other.amount;
  }
}
