package dev.ostrakon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TxnCountsTest {

  @Test
  void the_share_is_of_what_was_decided_meanwhile() {
    TxnCounts earlier = TxnCounts.of(List.of(status("n1", 100, 0), status("n2", 10, 10)));
    TxnCounts later = TxnCounts.of(List.of(status("n1", 130, 27), status("n2", 20, 19)));

    assertThat(later.fastShareSince(earlier)).hasValue(36.0 / 40);
  }

  @Test
  void a_restarted_node_counts_from_its_start() {
    TxnCounts earlier = TxnCounts.of(List.of(status("n1", 100, 50)));
    TxnCounts later = TxnCounts.of(List.of(status("n1", 8, 6)));

    assertThat(later.fastShareSince(earlier)).hasValue(0.75);
  }

  @Test
  void without_transactions_there_is_no_share() {
    TxnCounts counts = TxnCounts.of(List.of(status("n1", 5, 5)));

    assertThat(counts.fastShareSince(counts)).isEmpty();
  }

  private static NodeStatus status(String node, long decided, long fast) {
    return new NodeStatus(
            "test",
            new NodeId(node),
            "h:1",
            "1",
            0,
            NodeStatus.Clock.RIGHT,
            1,
            List.of(),
            List.of(),
            List.of())
        .withCounters(
            new TreeMap<>(
                Map.of(NodeStatus.TXN_DECIDED, decided, NodeStatus.TXN_DECIDED_FAST, fast)));
  }
}
