package dev.ostrakon.node.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);
  private final List<String> granted = new ArrayList<>();

  private ByteBudget.Claim claim(String name, long bytes) {
    return budget.claim(bytes, 5, () -> granted.add(name));
  }

  @Test
  void what_finds_no_room_waits_in_line() {
    ByteBudget.Claim first = claim("first", 60);
    assertThat(first.isGranted()).isTrue();
    ByteBudget.Claim second = claim("second", 50);
    ByteBudget.Claim third = claim("third", 10);
    assertThat(second.isGranted()).isFalse();
    assertThat(third.isGranted()).as("does not overtake").isFalse();
    assertThat(budget.waitingSinceNanos(9)).isEqualTo(5);
    first.release();
    assertThat(granted).containsExactly("second", "third");
    assertThat(budget.used()).isEqualTo(60);
    second.release();
    second.release();
    third.release();
    assertThat(budget.used()).isZero();
    assertThat(budget.waitingSinceNanos(9)).isEqualTo(9);
  }

  @Test
  void whoever_gives_up_waiting_makes_way() {
    ByteBudget.Claim first = claim("first", 60);
    ByteBudget.Claim second = claim("second", 50);
    claim("third", 10);
    second.release();
    assertThat(granted).containsExactly("third");
    first.release();
    assertThat(budget.used()).isEqualTo(10);
  }

  @Test
  void what_is_larger_than_all_is_let_in_alone() {
    ByteBudget.Claim huge = claim("huge", 1_000);
    assertThat(huge.isGranted()).isTrue();
    assertThat(claim("small", 1).isGranted()).isFalse();
    huge.release();
    assertThat(granted).containsExactly("small");
  }
}
