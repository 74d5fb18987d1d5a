package dev.ostrakon.group;

import static dev.ostrakon.group.Given.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.FrontCluster.Shape;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.RequestOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages of scans: in key order over all slots, as of one moment, under the rule of reads. */
final class FrontScanTest {
  private static final ByteString NONE = ByteString.utf8("");

  private final FrontCluster cluster = FrontCluster.serving(Shape.DEFAULTS);
  private final Participants coordinator = new Participants(cluster);

  @Test
  void a_scan_gives_the_keys_of_all_slots_in_order() {
    fill(100);

    ScanResult page = scan(NONE, NONE, 1_000);

    assertThat(keys(page)).isEqualTo(names(0, 100));
    assertThat(page.more()).isFalse();
    assertThat(page.configurationNumber()).isEqualTo(1);
    assertThat(page.entries().get(7).value().bytes().toUtf8()).isEqualTo("v107");
  }

  @Test
  void a_scan_keeps_within_its_range() {
    fill(100);

    assertThat(keys(scan(ByteString.utf8("k120"), ByteString.utf8("k130"), 1_000)))
        .isEqualTo(names(20, 30));
  }

  @Test
  void pages_follow_each_other_without_gap_or_overlap() {
    fill(100);
    List<String> all = new ArrayList<>();
    ByteString from = NONE;
    boolean more = true;
    while (more) {
      ScanResult page = scan(from, NONE, 7);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(7);
      all.addAll(keys(page));
      more = page.more();
      Key last = page.entries().get(page.entries().size() - 1).key();
      byte[] bytes = last.bytes().sharedArray();
      from = ByteString.wrap(Arrays.copyOf(bytes, bytes.length + 1));
    }
    assertThat(all).isEqualTo(names(0, 100));
  }

  @Test
  void a_page_is_of_the_moment_at_which_it_was_read() {
    fill(10);
    List<FrontAnswer<ScanResult>> answers =
        cluster.begin(l -> cluster.leader().scan(spec(NONE, NONE, 100), cluster.deadline(), l));
    execute(1_000, Key.utf8("k1050"));
    cluster.settle();

    assertThat(answers).hasSize(1);
  }

  @Test
  void a_key_that_is_about_to_change_ends_the_page_before_it() {
    fill(10);
    coordinator.order(1_000, put(Key.utf8("k105"), "t"));

    ScanResult page = scan(NONE, NONE, 100);

    assertThat(keys(page)).isEqualTo(names(0, 5));
    assertThat(page.more()).isTrue();
  }

  @Test
  void a_page_that_begins_with_such_a_key_waits_for_it() {
    fill(10);
    coordinator.order(1_000, put(Key.utf8("k105"), "t"));
    List<FrontAnswer<ScanResult>> exact = begin(ByteString.utf8("k105"));
    List<FrontAnswer<ScanResult>> before = begin(ByteString.utf8("k1045"));
    cluster.settle();
    assertThat(exact).isEmpty();
    assertThat(before).isEmpty();

    coordinator.commit(1_000);

    assertThat(List.of(exact, before))
        .allSatisfy(
            answers -> {
              ScanResult page = done(answers.get(0));
              assertThat(keys(page)).isEqualTo(names(5, 10));
              assertThat(page.entries().get(0).value().bytes().toUtf8()).isEqualTo("t");
            });
  }

  @Test
  void deleted_keys_are_not_there() {
    fill(10);
    cluster.<FrontAnswer<RequestOutcome>>ask(
        l ->
            cluster
                .leader()
                .execute(
                    Given.request(1_000, new Operation.Delete(Key.utf8("k103"))),
                    cluster.deadline(),
                    l));

    assertThat(keys(scan(NONE, NONE, 100))).hasSize(9).doesNotContain("k103");
  }

  @Test
  void an_empty_range_has_no_more() {
    ScanResult page = scan(NONE, NONE, 100);

    assertThat(page.entries()).isEmpty();
    assertThat(page.more()).isFalse();
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      execute(i + 1, Key.utf8("k" + (100 + i)));
    }
  }

  private void execute(long sequence, Key key) {
    String value = "v" + key.bytes().toUtf8().substring(1);
    cluster.<FrontAnswer<RequestOutcome>>ask(
        l ->
            cluster
                .leader()
                .execute(Given.request(sequence, put(key, value)), cluster.deadline(), l));
  }

  private static ScanSpec spec(ByteString from, ByteString to, int limit) {
    return new ScanSpec(from, to, limit);
  }

  private ScanResult scan(ByteString from, ByteString to, int limit) {
    return done(
        cluster.ask(l -> cluster.leader().scan(spec(from, to, limit), cluster.deadline(), l)));
  }

  private List<FrontAnswer<ScanResult>> begin(ByteString from) {
    return cluster.begin(l -> cluster.leader().scan(spec(from, NONE, 100), cluster.deadline(), l));
  }

  private static ScanResult done(FrontAnswer<ScanResult> answer) {
    if (answer instanceof FrontAnswer.Done<ScanResult> done) {
      return done.value();
    }
    throw new AssertionError("expected a page, was " + answer);
  }

  private static List<String> keys(ScanResult page) {
    return page.entries().stream().map(entry -> entry.key().bytes().toUtf8()).toList();
  }

  private static List<String> names(int from, int to) {
    List<String> names = new ArrayList<>();
    for (int i = from; i < to; i++) {
      names.add("k" + (100 + i));
    }
    return names;
  }
}
