package dev.ostrakon.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Envelope;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RaftMessage.TimeoutNow;
import dev.ostrakon.raft.Ready;
import dev.ostrakon.raft.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersistQueueTest {

  private final List<Long> sent = new ArrayList<>();
  private final PersistQueue queue =
      new PersistQueue(envelope -> sent.add(envelope.message().term()));

  @Test
  void message_without_a_write_leaves_at_once_if_nothing_is_on_its_way() {
    queue.add(ready(1, false, 10));

    assertThat(sent).containsExactly(10L);
  }

  @Test
  void message_waits_for_its_own_write() {
    queue.add(ready(1, true, 10));
    assertThat(sent).isEmpty();

    queue.onDurable(1);

    assertThat(sent).containsExactly(10L);
  }

  @Test
  void message_without_a_write_waits_for_the_writes_before_it() {
    queue.add(ready(1, true, 10));
    queue.add(ready(2, false, 20));
    assertThat(sent).isEmpty();

    queue.onDurable(1);

    assertThat(sent).containsExactly(10L, 20L);
  }

  @Test
  void messages_beyond_the_bound_are_dropped_and_writes_are_not() {
    queue.add(ready(1, true, 10));
    for (int i = 2; i < 2 * PersistQueue.MESSAGES_MAX; i++) {
      queue.add(ready(i, i % 2 == 0, i));
    }
    queue.onDurable(2L * PersistQueue.MESSAGES_MAX);

    assertThat(sent).hasSize(PersistQueue.MESSAGES_MAX);
    queue.add(ready(2L * PersistQueue.MESSAGES_MAX, true, 7));
    queue.onDurable(2L * PersistQueue.MESSAGES_MAX);
    assertThat(sent).endsWith(7L);
  }

  @Test
  void completion_covers_all_earlier_writes_and_none_later() {
    queue.add(ready(1, true, 10));
    queue.add(ready(2, true, 20));
    queue.add(ready(3, true, 30));

    queue.onDurable(2);

    assertThat(sent).containsExactly(10L, 20L);
  }

  private static Ready ready(long number, boolean writes, long term) {
    LogWrite write = new LogWrite(HardState.INITIAL, writes, EntryId.ZERO, List.of(), EntryId.ZERO);
    Envelope envelope = new Envelope(new ReplicaId(2), new TimeoutNow(term));
    return new Ready(
        number,
        write,
        List.of(),
        List.of(envelope),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
