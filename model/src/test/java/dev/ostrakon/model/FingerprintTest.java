package dev.ostrakon.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FingerprintTest {
  private static final Key KEY = Key.utf8("k");

  @Test
  void equal_transactions_have_the_same_fingerprint() {
    assertThat(Fingerprint.of(put("k", "v".repeat(1_000))))
        .isEqualTo(Fingerprint.of(put("k", "v".repeat(1_000))));
  }

  /** It is part of the log's format and must not depend on the machine or the run. */
  @Test
  void it_does_not_change() {
    assertThat(Fingerprint.of(put("key", "value"))).isEqualTo(-326338158);
    assertThat(Fingerprint.of(put("key", "v".repeat(100)))).isEqualTo(263928061);
  }

  @Test
  void what_differs_in_anything_has_another_fingerprint() {
    Set<Integer> seen = new HashSet<>();
    List<Transaction> all = different();
    for (Transaction transaction : all) {
      seen.add(Fingerprint.of(transaction));
    }

    assertThat(seen).hasSameSizeAs(all).doesNotContain(Fingerprint.UNKNOWN);
  }

  @Test
  void what_is_not_known_differs_from_nothing() {
    assertThat(Fingerprint.differ(1, 2)).isTrue();
    assertThat(Fingerprint.differ(1, 1)).isFalse();
    assertThat(Fingerprint.differ(Fingerprint.UNKNOWN, 2)).isFalse();
    assertThat(Fingerprint.differ(1, Fingerprint.UNKNOWN)).isFalse();
  }

  private static List<Transaction> different() {
    List<Transaction> all = new ArrayList<>();
    Operation get = new Operation.Get(KEY);
    all.add(put("k", "Aa"));
    all.add(put("k", "BB")); // Equal hash codes.
    all.add(put("kA", "a"));
    all.add(put("k", "Aa".repeat(50)));
    all.add(put("k", "BB".repeat(50)));
    all.add(put("k", ""));
    all.add(Transaction.of(List.of(new Operation.Append(KEY, Value.utf8("Aa")))));
    all.add(Transaction.of(List.of(get)));
    all.add(Transaction.of(List.of(get, get)));
    all.add(Transaction.of(List.of(new Operation.Delete(KEY))));
    all.add(Transaction.of(List.of(new Operation.Add(KEY, 1, false))));
    all.add(Transaction.of(List.of(new Operation.Add(KEY, 1, true))));
    all.add(Transaction.of(List.of(new Operation.Add(KEY, -1, true))));
    all.add(new Transaction(List.of(), List.of(), List.of(get)));
    all.add(new Transaction(List.of(new Condition.Exists(KEY)), List.of(get), List.of()));
    all.add(new Transaction(List.of(new Condition.Missing(KEY)), List.of(get), List.of()));
    for (Condition.Comparison comparison : Condition.Comparison.values()) {
      Condition condition = new Condition.NumberIs(KEY, comparison, 3);
      all.add(new Transaction(List.of(condition), List.of(get), List.of()));
    }
    return all;
  }

  private static Transaction put(String key, String value) {
    return Transaction.of(List.of(new Operation.Put(Key.utf8(key), Value.utf8(value))));
  }
}
