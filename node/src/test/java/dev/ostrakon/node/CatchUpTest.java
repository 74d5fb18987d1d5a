package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchUpTest {

  private static final ReplicaId LEADER = new ReplicaId(2);

  private final CatchUp catchUp = new CatchUp();

  @Test
  void a_log_that_is_applied_again_counts_once_a_leader_is_known() {
    assertThat(catchUp.isDone(status(ReplicaId.NONE, 9, 9))).isFalse();
    assertThat(catchUp.isDone(status(LEADER, 9, 8))).isFalse();
    assertThat(catchUp.isDone(status(LEADER, 9, 9))).isTrue();
  }

  @Test
  void what_comes_after_the_leader_does_not_count() {
    assertThat(catchUp.isDone(status(LEADER, 9, 3))).isFalse();
    assertThat(catchUp.isDone(status(LEADER, 500, 8))).isFalse();
    assertThat(catchUp.isDone(status(LEADER, 900, 9))).isTrue();
  }

  @Test
  void what_the_leader_cut_off_does_not_count() {
    assertThat(catchUp.isDone(status(LEADER, 9, 3))).isFalse();
    assertThat(catchUp.isDone(status(LEADER, 5, 4))).isFalse();
    assertThat(catchUp.isDone(status(LEADER, 5, 5))).isTrue();
  }

  @Test
  void new_replica_has_nothing_to_apply() {
    assertThat(catchUp.isDone(status(LEADER, 0, 0))).isTrue();
  }

  private static RaftStatus status(ReplicaId leader, long last, long applied) {
    return new RaftStatus(
        new ReplicaId(1),
        4,
        Role.FOLLOWER,
        leader,
        1,
        last,
        last,
        applied,
        applied,
        Membership.EMPTY,
        List.of());
  }
}
