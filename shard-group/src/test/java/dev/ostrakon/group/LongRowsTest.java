package dev.ostrakon.group;

import static dev.ostrakon.group.Given.execute;
import static dev.ostrakon.group.Given.get;
import static dev.ostrakon.group.Given.put;
import static dev.ostrakon.group.Given.time;
import static dev.ostrakon.group.Given.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Large results: what is remembered of them fits the rows of any store, and comes back whole. */
final class LongRowsTest {
  private static final int VALUE_BYTES = 1 << 20;

  private final TestGroup group = TestGroup.serving(ShardObserver.NONE);

  @Test
  void a_memory_larger_than_a_row_is_cut_into_parts_and_comes_back() {
    fill(3);
    for (int i = 11; i <= 14; i++) {
      group.apply(time(i), execute(i, get(key(1)), get(key(2)), get(key(3)), put(key(0), "x")));
    }
    List<String> before = group.dump();
    group.checkpoint();
    assertThat(rowsOfGroup()).hasSizeGreaterThan(12).allMatch(LongRowsTest::fitsAPart);

    group.restart();

    assertThat(group.dump()).isEqualTo(before);
  }

  @Test
  void the_parts_of_a_memory_that_has_shrunk_are_gone() {
    fill(3);
    for (int i = 11; i <= 14; i++) {
      group.apply(time(i), execute(i, get(key(1)), get(key(2)), get(key(3)), put(key(0), "x")));
    }
    group.checkpoint();
    group.restart();
    Request last =
        new Request(
            txn(15), time(15), Acknowledgement.upTo(14), Transaction.of(List.of(put(key(0), "y"))));
    group.apply(time(15), new Command.Execute(last));
    List<String> before = group.dump();
    group.checkpoint();
    assertThat(rowsOfGroup()).hasSizeLessThan(5);

    group.restart();

    assertThat(group.dump()).isEqualTo(before);
  }

  /** Otherwise a single answer could take a gigabyte, at every replica. */
  @Test
  void a_transaction_that_would_read_more_than_the_limit_is_refused() {
    fill(5);
    Operation[] reads = new Operation[6];
    for (int i = 0; i < 5; i++) {
      reads[i] = get(key(i + 1));
    }
    reads[5] = put(key(0), "x");

    CommandResult result = group.applyOne(time(20), execute(20, reads));

    assertThat(result)
        .isInstanceOfSatisfying(
            CommandResult.Executed.class,
            executed ->
                assertThat(executed.outcome())
                    .isInstanceOfSatisfying(
                        RequestOutcome.Refused.class,
                        refused ->
                            assertThat(refused.refusal().reason())
                                .isEqualTo(Refusal.Reason.LIMIT_EXCEEDED)));
    assertThat(group.text(key(0))).isEmpty();
  }

  private void fill(int count) {
    for (int i = 1; i <= count; i++) {
      Value large = new Value(ByteString.wrap(new byte[VALUE_BYTES]));
      group.apply(time(i), execute(i, new Operation.Put(key(i), large)));
    }
  }

  private static Key key(int number) {
    return Key.utf8("k" + number);
  }

  private List<Integer> rowsOfGroup() {
    List<Integer> sizes = new ArrayList<>();
    group.visitRows(
        row -> {
          if (row.key().compareTo(StateRows.GROUP_END) < 0) {
            sizes.add(row.value().size());
          }
        });
    return sizes;
  }

  private static boolean fitsAPart(int bytes) {
    return bytes <= LongRows.PART_BYTES;
  }
}
