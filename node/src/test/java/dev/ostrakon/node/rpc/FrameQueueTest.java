package dev.ostrakon.node.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
  private static final int KIB = 1 << 10;

  private final List<List<Integer>> frames = new ArrayList<>();
  private final List<Promise<Void>> written = new ArrayList<>();
  private int taken;
  private final FrameQueue<Integer> queue = new FrameQueue<>(this::write, () -> taken++);

  private Future<Void> write(List<Integer> frame) {
    frames.add(frame);
    Promise<Void> promise = Promise.promise();
    written.add(promise);
    return promise.future();
  }

  @Test
  void small_elements_share_a_frame_and_large_ones_have_their_own() {
    for (int i = 0; i < 100; i++) {
      queue.add(i, 100);
    }
    queue.add(100, 300 * KIB);
    queue.add(101, 10);
    queue.flush();
    assertThat(frames).hasSize(3);
    assertThat(frames.get(0)).hasSize(100);
    assertThat(frames.get(1)).containsExactly(100);
    assertThat(frames.get(2)).containsExactly(101);
    assertThat(queue.heldBytes()).isZero();
    assertThat(queue.bytes()).isEqualTo(100 * 100 + 300 * KIB + 10);
  }

  @Test
  void what_the_connection_does_not_take_keeps_the_rest_waiting() {
    for (int i = 0; i < 10; i++) {
      queue.add(i, 400L * KIB);
    }
    queue.flush();
    assertThat(frames).hasSize(3);
    assertThat(queue.heldBytes()).isEqualTo(7L * 400 * KIB);
    written.get(0).complete();
    assertThat(frames).hasSize(4);
    assertThat(taken).isEqualTo(1);
    written.get(1).fail("lost");
    assertThat(frames).hasSize(5);
    queue.close();
    written.get(2).complete();
    assertThat(frames).hasSize(5);
    assertThat(queue.heldBytes()).isZero();
  }
}
