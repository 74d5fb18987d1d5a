package dev.ostrakon.simulation.check;

import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.Role;
import dev.ostrakon.simulation.cluster.ClusterObserver;
import dev.ostrakon.simulation.cluster.Life;
import dev.ostrakon.simulation.cluster.Member;
import java.util.HashMap;
import java.util.Map;

/**
 * What a replica does whose disk has owed it an answer for longer than an election timeout: it does
 * not lead, it does not campaign, and it takes no further entries.
 */
final class DiskChecker implements ClusterObserver {

  /** What a replica notices with one tick it may act upon with the next. */
  private static final int SLACK_TICKS = 2;

  /** What a disk owes a member, in ticks of that member. */
  private static final class Debt {
    int writes;
    long sinceTick;
    long tick;

    long silentTicks() {
      return writes == 0 ? 0 : tick - sinceTick;
    }
  }

  private final Findings findings;
  private final long boundTicks;
  private final Map<Member<?, ?>, Debt> debts = new HashMap<>();

  DiskChecker(Findings findings, int electionTimeoutTicks) {
    this.findings = findings;
    this.boundTicks = electionTimeoutTicks + (long) SLACK_TICKS;
  }

  private Debt debtOf(Member<?, ?> member) {
    return debts.computeIfAbsent(member, ignored -> new Debt());
  }

  @Override
  public void onCrash(int node) {
    debts.keySet().removeIf(member -> member.node() == node);
  }

  @Override
  public void onPersist(Member<?, ?> member, LogWrite write) {
    Debt debt = debtOf(member);
    if (debt.silentTicks() > boundTicks && !write.entries().isEmpty()) {
      report(member, debt, "takes entries");
    }
    if (debt.writes == 0) {
      debt.sinceTick = debt.tick;
    }
    debt.writes++;
  }

  @Override
  public void onPersisted(Member<?, ?> member) {
    Debt debt = debtOf(member);
    debt.writes--;
    debt.sinceTick = debt.tick;
  }

  @Override
  public void onTick(Member<?, ?> member) {
    Debt debt = debtOf(member);
    debt.tick++;
    if (debt.silentTicks() > boundTicks && leads(member)) {
      report(member, debt, "leads");
    }
  }

  private static boolean leads(Member<?, ?> member) {
    return member
        .life()
        .map(Life::replica)
        .filter(replica -> !replica.isStopped() && replica.status().role() == Role.LEADER)
        .isPresent();
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    Debt debt = debtOf(from);
    if (message instanceof RaftMessage.PreVote && debt.silentTicks() > boundTicks) {
      report(from, debt, "campaigns");
    }
  }

  private void report(Member<?, ?> member, Debt debt, String what) {
    findings.report(
        Invariant.HUNG_DISK,
        member + " " + what + ", its disk owes an answer for " + debt.silentTicks() + " ticks");
  }
}
