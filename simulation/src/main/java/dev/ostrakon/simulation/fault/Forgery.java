package dev.ostrakon.simulation.fault;

import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.simulation.cluster.Cluster;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.List;

/** Messages that no correct replica sends, in the name of another member of the group. */
final class Forgery {

  /** The largest that is a term at all. */
  private static final long TERM_MAX = 1L << 60;

  private final Cluster<?, ?> cluster;
  private final RandomSource random;

  Forgery(Cluster<?, ?> cluster, RandomSource random) {
    this.cluster = cluster;
    this.random = random;
  }

  /** Some replica that is up is told something. */
  void happen() {
    List<? extends Member<?, ?>> members = cluster.members();
    Member<?, ?> member = members.get(random.nextInt(members.size()));
    member.life().filter(life -> !life.replica().isStopped()).ifPresent(life -> tell(member, life));
  }

  private void tell(Member<?, ?> member, Life<?, ?> life) {
    RaftStatus status = life.replica().status();
    ReplicaId leader = status.leader();
    List<ReplicaId> others =
        member.shape().membership().voters().stream()
            .filter(id -> !id.equals(member.id()))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    ReplicaId other = others.get(random.nextInt(others.size()));
    switch (random.nextInt(3)) {
      case 0 -> deliver(member, life, other, new RaftMessage.Heartbeat(TERM_MAX, 0, 1));
      case 1 -> {
        if (!leader.isNone() && !leader.equals(member.id())) {
          long commitIndex = status.lastIndex() + 1 + random.nextInt(1000);
          deliver(member, life, leader, new RaftMessage.Heartbeat(status.term(), commitIndex, 1));
        }
      }
      default -> {
        if (!leader.isNone() && !leader.equals(other)) {
          deliver(member, life, other, new RaftMessage.Heartbeat(status.term(), 0, 1));
        }
      }
    }
  }

  private void deliver(
      Member<?, ?> member, Life<?, ?> life, ReplicaId from, RaftMessage.Heartbeat message) {
    cluster.simulator().trace().line("forged " + from + "->" + member + " " + message);
    life.process().run(() -> life.replica().deliver(from, message));
  }
}
