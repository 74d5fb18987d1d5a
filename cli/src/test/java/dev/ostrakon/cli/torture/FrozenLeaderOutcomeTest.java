package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.client.ClientConfig;
import dev.ostrakon.client.CommitUnknownException;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Outcome;
import dev.ostrakon.model.RequestId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another client is told of requests that got lost when their leader was frozen. */
@Tag("ci")
final class FrozenLeaderOutcomeTest {
  private static final int ROUNDS = 6;
  private static final int KEYS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static OstrakonClient connect(SpawnedCluster cluster, int requestMillis) {
    return OstrakonClient.connect(
        ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(requestMillis, 2_000)),
        cluster.addresses().toArray(String[]::new));
  }

  @Test
  void B6_a_question_of_another_client_settles_what_a_frozen_leader_has() throws Exception {
    int unknown = 0;
    try (SpawnedCluster cluster = SpawnedCluster.start(3, 3, folder);
        OstrakonClient asking = connect(cluster, 20_000)) {
      for (int round = 0; round < ROUNDS; round++) {
        awaitServing(asking);
        NodeProcess frozen = cluster.nodes().get(round % 3);
        // A client of its own, that knows the leaders and is not patient.
        try (OstrakonClient writing = connect(cluster, 300)) {
          awaitServing(writing);
          unknown += round(frozen, writing, asking, round);
        } finally {
          frozen.setPaused(false);
        }
      }
    }
    assertThat(unknown).as("lost answers, without which nothing is tested").isPositive();
  }

  private static int round(
      NodeProcess frozen, OstrakonClient writing, OstrakonClient asking, int round)
      throws Exception {
    List<CompletableFuture<?>> puts = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      puts.add(writing.put(key(round, i), "written"));
      if (i == KEYS / 2) {
        frozen.setPaused(true);
      }
    }
    int unknown = 0;
    Map<String, Boolean> isThere = new LinkedHashMap<>();
    for (int i = 0; i < KEYS; i++) {
      Optional<RequestId> lost = lostRequest(puts.get(i));
      if (lost.isPresent()) {
        unknown++;
        Outcome told = asking.outcome(lost.get()).get(30, TimeUnit.SECONDS);
        isThere.put(key(round, i), isDone(told));
      } else {
        isThere.put(key(round, i), !puts.get(i).isCompletedExceptionally());
      }
    }
    frozen.setPaused(false);
    awaitServing(asking);
    isThere.forEach(
        (key, expected) ->
            assertThat(asking.get(key).join().isPresent())
                .as("%s after the leader went on", key)
                .isEqualTo(expected));
    return unknown;
  }

  private static String key(int round, int i) {
    return "round" + round + "/" + i;
  }

  private static boolean isDone(Outcome outcome) {
    assertThat(outcome).isNotInstanceOf(Outcome.Forgotten.class);
    return outcome instanceof Outcome.Committed || outcome instanceof Outcome.ResultsLost;
  }

  /** The id of a request whose outcome its client does not know. */
  private static Optional<RequestId> lostRequest(CompletableFuture<?> put) throws Exception {
    try {
      put.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return e.getCause() instanceof CommitUnknownException lost
          ? Optional.of(lost.requestId())
          : Optional.empty();
    }
  }

  private static void awaitServing(OstrakonClient db) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              try {
                for (int i = 0; i < KEYS; i++) {
                  db.put("serving/" + i, "yes").join();
                }
                return true;
              } catch (CompletionException e) {
                return false;
              }
            });
  }
}
