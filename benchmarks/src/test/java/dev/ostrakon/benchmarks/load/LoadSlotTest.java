package dev.ostrakon.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoadSlotTest {
  private final LoadCounts counts = new LoadCounts();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger sent = new AtomicInteger();

  @Test
  void answers_that_are_there_at_once_do_not_pile_up_on_the_stack() {
    slot(100_000, CompletableFuture.completedFuture("done")).run();

    assertThat(ended.getCount()).isZero();
    assertThat(counts.done()).isEqualTo(100_000);
  }

  @Test
  void the_next_request_is_sent_when_one_is_answered() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    slot(2, answer).run();
    assertThat(sent).hasValue(1);

    answer.complete("done");

    assertThat(sent).hasValue(2);
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void failures_are_counted_by_kind_and_the_slot_goes_on() throws InterruptedException {
    slot(3, CompletableFuture.failedFuture(new IllegalStateException())).run();

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(sent).hasValue(3);
    assertThat(counts.errors()).containsOnlyKeys("IllegalStateException").containsValue(3L);
    assertThat(counts.done()).isZero();
  }

  /** A slot that sends so many requests, of which each has this answer. */
  private LoadSlot slot(int requests, CompletableFuture<?> answer) {
    return new LoadSlot(
        () -> {
          sent.incrementAndGet();
          return answer;
        },
        counts,
        () -> sent.get() < requests,
        ended);
  }
}
