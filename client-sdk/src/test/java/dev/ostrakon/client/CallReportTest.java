package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a failure tells of its call. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CallReportTest {
  private static final ClientConfig HASTY =
      ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(600, 100));

  private final FakeCluster cluster = new FakeCluster(3, 3);
  private final List<OstrakonClient> clients = new ArrayList<>();

  @AfterEach
  void end() {
    clients.forEach(OstrakonClient::close);
    cluster.close();
  }

  private OstrakonClient connect() {
    OstrakonClient client = cluster.connect(HASTY);
    client.ready().join();
    clients.add(client);
    return client;
  }

  private static CallReport reportOf(CompletableFuture<?> future) throws Exception {
    try {
      future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof KvException failure)) {
        throw e;
      }
      CallReport report = failure.report().orElseThrow();
      assertThat(failure).hasMessageContaining(report.toString(failure.sentence()));
      return report;
    }
    throw new AssertionError("the call succeeded");
  }

  @Test
  void names_the_group_and_what_each_node_said() throws Exception {
    OstrakonClient db = connect();
    cluster.script =
        (node, call) -> new Reaction.Refuse(new ServiceError(ErrorCode.UNAVAILABLE, "no majority"));

    CallReport report = reportOf(db.put("a", "1"));

    assertThat(report.group()).isPresent();
    assertThat(report.asked()).hasSize(3);
    assertThat(report.asked())
        .allSatisfy(asked -> assertThat(asked.said()).isEqualTo("UNAVAILABLE: no majority"))
        .allSatisfy(asked -> assertThat(asked.node()).matches("n\\d=127.0.0.1:\\d+"));
    assertThat(report.asked().stream().mapToInt(CallReport.Asked::times).max().orElse(0))
        .isGreaterThan(1);
    assertThat(report.elapsedMillis()).isBetween(600L, 60_000L);
  }

  @Test
  void names_a_node_that_does_not_answer() throws Exception {
    OstrakonClient db = connect();
    cluster.script = (node, call) -> new Reaction.Ignore();

    assertThat(reportOf(db.get("a")).asked())
        .isNotEmpty()
        .allSatisfy(asked -> assertThat(asked.said()).contains("did not answer in time"));
  }

  @Test
  void names_the_addresses_that_were_tried_for_the_cluster() throws Exception {
    OstrakonClient db = OstrakonClient.connect(HASTY, "127.0.0.1:1", "127.0.0.1:2");
    clients.add(db);

    CallReport report = reportOf(db.get("a"));

    assertThat(report.group()).isEmpty();
    assertThat(report.asked().stream().map(CallReport.Asked::node))
        .containsExactlyInAnyOrder("127.0.0.1:1", "127.0.0.1:2");
  }

  @Test
  void one_reason_of_several_calls_has_a_report_for_each() throws Exception {
    OstrakonClient db = connect();
    cluster.script =
        (node, call) -> new Reaction.Refuse(new ServiceError(ErrorCode.INVALID, "a bad request"));

    CallReport first = reportOf(db.get("a"));
    CallReport second = reportOf(db.get("b"));

    assertThat(first).isNotSameAs(second);
    assertThat(first.asked()).hasSize(1);
    assertThat(first.asked().get(0).said()).isEqualTo("INVALID: a bad request");
  }
}
