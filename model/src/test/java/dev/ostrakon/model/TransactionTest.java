package dev.ostrakon.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionTest {
  @Test
  void keys_are_those_of_conditions_and_of_both_branches() {
    Transaction transaction =
        new Transaction(
            List.of(new Condition.Exists(Key.utf8("d"))),
            List.of(new Operation.Get(Key.utf8("b")), new Operation.Delete(Key.utf8("a"))),
            List.of(new Operation.Add(Key.utf8("c"), 1, false), new Operation.Get(Key.utf8("b"))));

    assertThat(transaction.keys())
        .containsExactly(Key.utf8("a"), Key.utf8("b"), Key.utf8("c"), Key.utf8("d"));
  }
}
