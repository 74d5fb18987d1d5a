package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ostrakon.protocol.v1.Operation;
import dev.ostrakon.protocol.v1.OperationKind;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.TransactRequest;
import dev.ostrakon.protocol.v1.TransactResponse;
import dev.ostrakon.protocol.v1.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of many keys over two groups, some of them missing, on a node with little memory. */
@Tag("ci")
class ReadsLeaveNothingIT {
  private static final int READS = 4_000;
  private static final int AT_ONCE = 4;
  private static final int VALUE_BYTES = 20_000;

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;

  @AfterEach
  void close() {
    Awaits.await(vertx.close());
  }

  private static TransactRequest reads() {
    Transaction.Builder transaction = Transaction.newBuilder();
    for (int i = 0; i < 8; i++) {
      transaction.addThen(get("present" + i)).addThen(get("missing" + i));
    }
    return TransactRequest.newBuilder()
        .setHeader(RequestHeader.newBuilder().setTimeoutMillis(20_000))
        .setTransaction(transaction)
        .build();
  }

  private static Operation.Builder get(String key) {
    return Operation.newBuilder()
        .setKind(OperationKind.OPERATION_KIND_GET)
        .setKey(ByteString.copyFromUtf8(key));
  }

  /** 4,000 results of 160 kB are more than twice the heap: nothing of them may stay. */
  @Test
  void A1_reads_that_miss_keys_in_two_groups_leave_no_record() {
    try (OstrakonProcess node = OstrakonProcess.start(folder, List.of("groups=2"));
        KvClientOfTests client = new KvClientOfTests(vertx, List.of(node.address()))) {
      String value = "x".repeat(VALUE_BYTES);
      for (int i = 0; i < 8; i++) {
        client.put("present" + i, value);
      }
      long clientsBefore = node.metricSum("group_clients");
      for (int done = 0; done < READS; done += AT_ONCE) {
        List<Future<TransactResponse>> underWay = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          underWay.add(client.at(0).transact(reads()));
        }
        for (Future<TransactResponse> each : underWay) {
          TransactResponse response = Awaits.await(each);
          assertThat(response.getHeader().getError().getMessage()).isEmpty();
          assertThat(response.getCommitted().getResultsCount()).isEqualTo(16);
        }
      }
      assertThat(node.isAlive()).as(node::log).isTrue();
      Awaits.untilAsserted(() -> assertThat(node.metricSum("group_records")).isZero());
      assertThat(node.metricSum("group_clients")).isEqualTo(clientsBefore);
      assertThat(node.metricSum("group_request_bytes")).isLessThan(1L << 20);
    }
  }
}
