package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A group on a random network with random disks, crashes, freezes, partitions and drifting clocks,
 * all from one seed, in virtual time.
 */
final class FuzzGroup {

  static final long TICK_NANOS = 10_000_000L;

  private record InTransit(
      long dueNanos, long order, ReplicaId from, ReplicaId to, RaftMessage m) {}

  /** One replica and what surrounds it. */
  private static final class Member {
    private final TestReplica replica;
    private final double clockRate;
    private final long clockOffsetNanos;
    private long nextTickNanos;

    /** A loaded process is late with its ticks but not with its messages. */
    private long tickLength = 1;

    private long frozenUntilNanos;
    private long diskBusyUntilNanos;
    private long downUntilNanos;

    Member(TestReplica replica, double clockRate, long clockOffsetNanos) {
      this.replica = replica;
      this.clockRate = clockRate;
      this.clockOffsetNanos = clockOffsetNanos;
    }

    long clock(long nowNanos) {
      return clockOffsetNanos + (long) (nowNanos * clockRate);
    }
  }

  private final RandomSource random;
  private final SafetyChecker checker = new SafetyChecker();
  private final List<Member> members = new ArrayList<>();
  private final List<InTransit> network = new ArrayList<>();
  private final Set<String> cut = new TreeSet<>();
  private double lossChance;
  private double duplicateChance;
  private long maxDelayNanos = 5_000_000L;
  private long nowNanos = 1_000_000_000L;
  private long steadyUntilNanos;
  private long order;
  private long nextRequestId;
  private long nextCommand;
  private double proposalChance = 0.3;
  private boolean calm;
  private int crashes;
  private int snapshots;

  FuzzGroup(long seed, RaftRules rules) {
    random = new RandomSource(seed);
    int voters = random.chance(0.5) ? 3 : 1 + random.nextInt(5);
    SortedSet<ReplicaId> voterIds = new TreeSet<>();
    SortedSet<ReplicaId> learnerIds = new TreeSet<>();
    for (int i = 1; i <= voters; i++) {
      voterIds.add(new ReplicaId(i));
    }
    if (random.chance(0.3)) {
      learnerIds.add(new ReplicaId(voters + 1L));
    }
    RaftConfig config = randomConfig();
    Membership membership = new Membership(voterIds, new TreeSet<>(), learnerIds);
    SnapshotMetadata empty = new SnapshotMetadata(EntryId.ZERO, membership);
    for (ReplicaId id : membership.members()) {
      // Drift of up to 2% either way: over an election timeout of 10 ticks less than the margin.
      double rate = 0.98 + 0.04 * random.nextDouble();
      long offset = random.nextInt(1_000_000_000);
      TestReplica replica =
          new TestReplica(
              new TestReplica.Identity(id, config, rules),
              new TestDisk(empty),
              new Watch(),
              random.nextLong(),
              offset + (long) (nowNanos * rate));
      members.add(new Member(replica, rate, offset));
    }
  }

  private RaftConfig randomConfig() {
    return new RaftConfig(
        TICK_NANOS,
        1 + random.nextInt(3),
        10,
        20,
        4 + random.nextInt(7),
        random.chance(0.8),
        TICK_NANOS, // at least 10% of the stickiness
        60 + random.nextInt(300),
        1 + random.nextInt(6),
        100 + random.nextInt(600),
        1000 + random.nextInt(3000),
        200 + random.nextInt(400),
        random.nextInt(3) * 200,
        random.nextInt(8),
        1 + random.nextInt(20));
  }

  private void restart(Member member) {
    member.nextTickNanos = nowNanos + random.nextInt((int) TICK_NANOS);
    member.replica.restart(random.nextLong(), member.clock(nowNanos));
  }

  private final class Watch implements TestReplica.Observer {
    @Override
    public void onSend(ReplicaId from, ReplicaId to, RaftMessage message) {
      if (message.kind() == RaftMessage.Kind.INSTALL_SNAPSHOT) {
        snapshots++;
      }
      int copies = random.chance(duplicateChance) ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        if (!random.chance(lossChance) && !cut.contains(from + ">" + to)) {
          long due = nowNanos + 100_000 + random.nextLong(0, maxDelayNanos);
          network.add(new InTransit(due, order++, from, to, message));
        }
      }
    }

    @Override
    public void onReady(TestReplica replica, Ready ready) {
      checker.onReady(replica, ready);
    }

    @Override
    public void onApplied(TestReplica replica, LogEntry entry, long digest) {
      checker.onApplied(entry, digest);
    }

    @Override
    public void onRestored(TestReplica replica, long index, long digest) {
      checker.requireSameState(index, digest);
    }

    @Override
    public void onRead(TestReplica replica, ReadOutcome outcome) {
      checker.onRead(outcome);
    }
  }

  /** Runs for so many ticks with faults, then heals everything and demands progress. */
  void run(int ticks) {
    for (int i = 0; i < ticks * 5; i++) {
      if (!calm) {
        maybeChangeTheWeather();
      }
      turn();
    }
    calm = true;
    heal();
    for (int i = 0; i < 200 * 5; i++) {
      turn();
    }
    requireProgress();
  }

  private void heal() {
    cut.clear();
    lossChance = 0;
    duplicateChance = 0;
    maxDelayNanos = 5_000_000L;
    for (Member member : members) {
      member.frozenUntilNanos = 0;
      member.downUntilNanos = 0;
      member.tickLength = 1;
    }
  }

  private void maybeChangeTheWeather() {
    if (nowNanos < steadyUntilNanos || !random.chance(0.06)) {
      return;
    }
    switch (random.nextInt(12)) {
      case 0 -> changeNetwork();
      case 1 -> cut.clear();
      case 2 -> partition();
      case 3 -> crash(anyMember(), 30);
      case 4 -> crash(anyMember(), 1);
      case 5 -> anyMember().frozenUntilNanos = nowNanos + random.nextLong(0, 40 * TICK_NANOS);
      case 6 -> maybeTransfer();
      case 7 -> anyMember().tickLength = 1L + random.nextInt(3);
      case 8 -> {
        isolateLeader();
        restartTheOthers();
      }
      case 9 -> cutOffFromLeader(anyMember());
      default -> isolateLeader();
    }
    steadyUntilNanos = nowNanos + random.nextLong(0, 25 * TICK_NANOS);
  }

  /** This one no longer hears the leader, while all others do. */
  private void cutOffFromLeader(Member member) {
    cut.clear();
    for (Member leader : members) {
      if (leader.replica.isLeader()) {
        cut.add(link(leader, member));
        cut.add(link(member, leader));
      }
    }
  }

  private void changeNetwork() {
    lossChance = random.chance(0.5) ? 0 : 0.3 * random.nextDouble();
    duplicateChance = random.chance(0.5) ? 0 : 0.2;
    maxDelayNanos = random.chance(0.3) ? 30 * TICK_NANOS : TICK_NANOS / 2;
  }

  private void maybeTransfer() {
    for (Member member : members) {
      if (member.replica.isLeader()) {
        member.replica.transferTo(anyMember().replica.id());
      }
    }
  }

  /** Cuts some links, each in one direction only or in both. */
  private void partition() {
    for (Member one : members) {
      for (Member other : members) {
        if (random.chance(0.3)) {
          cut.add(link(one, other));
          if (random.chance(0.7)) {
            cut.add(link(other, one));
          }
        }
      }
    }
  }

  /** Whoever leads is cut off while what is on its way to it may still arrive. */
  private void isolateLeader() {
    cut.clear();
    for (Member leader : members) {
      if (leader.replica.isLeader()) {
        leader.tickLength = 1L + random.nextInt(4);
        members.forEach(other -> cut.add(link(leader, other)));
        members.forEach(other -> cut.add(link(other, leader)));
      }
    }
  }

  private void restartTheOthers() {
    for (Member member : members) {
      if (!member.replica.isLeader() && random.chance(0.7)) {
        crash(member, 1);
      }
    }
  }

  private static String link(Member from, Member to) {
    return from.replica.id() + ">" + to.replica.id();
  }

  private void crash(Member member, int maxDownTicks) {
    if (member.replica.isRunning()) {
      crashes++;
      member.replica.crash();
      member.downUntilNanos = nowNanos + random.nextLong(0, maxDownTicks * TICK_NANOS);
    }
  }

  private Member anyMember() {
    return members.get(random.nextInt(members.size()));
  }

  /** A fifth of a tick passes. */
  private void turn() {
    nowNanos += TICK_NANOS / 5;
    deliverDue();
    for (Member member : members) {
      if (!member.replica.isRunning()) {
        if (nowNanos >= member.downUntilNanos) {
          restart(member);
        }
      } else if (nowNanos >= member.frozenUntilNanos) {
        live(member);
      }
    }
    checker.requireLogMatching(members.stream().map(m -> m.replica).toList());
  }

  private void deliverDue() {
    List<InTransit> due = new ArrayList<>();
    network.removeIf(
        message -> {
          Member receiver = members.get((int) message.to().value() - 1);
          boolean isDue = message.dueNanos() <= nowNanos && receiver.frozenUntilNanos <= nowNanos;
          return isDue && due.add(message);
        });
    due.sort(
        (a, b) ->
            a.dueNanos() != b.dueNanos()
                ? Long.compare(a.dueNanos(), b.dueNanos())
                : Long.compare(a.order(), b.order()));
    for (InTransit message : due) {
      Member receiver = members.get((int) message.to().value() - 1);
      if (receiver.replica.isRunning()) {
        boolean wasLeader = receiver.replica.isLeader();
        receiver.replica.deliver(message.from(), message.m(), receiver.clock(nowNanos));
        if (!wasLeader && receiver.replica.isLeader()) {
          checker.requireComplete(receiver.replica);
        }
      }
    }
  }

  private void live(Member member) {
    TestReplica replica = member.replica;
    long clock = member.clock(nowNanos);
    if (nowNanos >= member.nextTickNanos) {
      replica.tick(clock);
      // A tick lasts at least tickNanos of the replica's own clock.
      member.nextTickNanos =
          nowNanos + (long) (member.tickLength * TICK_NANOS / member.clockRate) + 1;
    }
    useDisk(member);
    if (replica.hasEntriesToApply() && random.chance(0.6)) {
      replica.apply(1 + random.nextInt(10));
    }
    if (random.chance(0.02)) {
      replica.checkpoint();
    }
    boolean proposes = replica.isLeader() ? random.chance(proposalChance) : random.chance(0.01);
    if (proposes) {
      int count = 1 + random.nextInt(3);
      String[] commands = new String[count];
      for (int i = 0; i < count; i++) {
        commands[i] = "c" + nextCommand++ + "x".repeat(random.nextInt(60));
      }
      replica.propose(commands);
    }
    if (random.chance(0.2)) {
      checker.onReadAsked(nextRequestId);
      replica.read(nextRequestId++, clock);
    }
  }

  private void useDisk(Member member) {
    TestReplica replica = member.replica;
    if (nowNanos >= member.diskBusyUntilNanos) {
      int writes = random.nextInt(4);
      for (int i = 0; i < writes && replica.hasPendingWrite(); i++) {
        boolean wasLeader = replica.isLeader();
        replica.persistNext();
        if (!wasLeader && replica.isLeader()) {
          checker.requireComplete(replica);
        }
      }
      if (!calm && random.chance(0.02)) {
        member.diskBusyUntilNanos = nowNanos + random.nextLong(0, 20 * TICK_NANOS);
      }
    }
    if (replica.hasFetch() && random.chance(0.8)) {
      replica.fetchNext();
    }
    if (replica.hasInstallation() && random.chance(0.3)) {
      replica.installNext();
    }
  }

  private void requireProgress() {
    long before = checker.maxCommitIndex();
    for (int i = 0; i < 60 * 5; i++) {
      turn();
    }
    assertThat(checker.maxCommitIndex()).as("a healed group makes progress").isGreaterThan(before);
    proposalChance = 0;
    for (int i = 0; i < 100 * 5; i++) {
      turn();
    }
    for (Member member : members) {
      assertThat(member.replica.applied().index())
          .as("%s catches up", member.replica.status())
          .isEqualTo(checker.maxCommitIndex());
    }
  }

  SafetyChecker checker() {
    return checker;
  }

  int crashes() {
    return crashes;
  }

  int snapshots() {
    return snapshots;
  }
}
