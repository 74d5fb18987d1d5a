package dev.ostrakon.simulation.mutant;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.RaftConfig;
import dev.ostrakon.raft.RaftRules;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.cluster.PortDecorator;
import dev.ostrakon.simulation.engine.SimulatedProcess;

/** A deliberately broken variant: one rule, or one promise of a port, that does not hold. */
public enum Mutant implements PortDecorator {
  VOTE_FOR_SHORTER_LOG(
      "a vote is granted to a candidate whose log is behind",
      new RaftRules() {
        @Override
        public boolean isUpToDate(EntryId candidateLast, EntryId ownLast) {
          return true;
        }
      }),
  TWO_VOTES_IN_ONE_TERM(
      "a second candidate of the same term gets a vote too",
      new RaftRules() {
        @Override
        public boolean mayVoteFor(ReplicaId votedFor, ReplicaId candidate) {
          return true;
        }
      }),
  VOTE_BEFORE_DURABLE(
      "votes leave before term and vote are durable",
      new RaftRules() {
        @Override
        public boolean voteMayLeaveBeforeDurable() {
          return true;
        }
      }),
  NO_STICKINESS(
      "a follower votes although it heard from a leader just now, so leases are worth nothing",
      new RaftRules() {
        @Override
        public boolean sticksToLeader(
            long ticksSinceContact, long nanosSinceContact, RaftConfig config) {
          return false;
        }
      }),
  NO_STICKINESS_AFTER_RESTART(
      "a follower that restarts votes at once, although a lease may hang on its last answer",
      new RaftRules() {
        @Override
        public boolean sticksAfterRestart(long storedTerm) {
          return false;
        }
      }),
  NO_PRE_VOTE(
      "a replica raises its term without asking whether a quorum would vote for it",
      new RaftRules() {
        @Override
        public boolean asksForPreVotes() {
          return false;
        }
      }),
  NO_CHECK_QUORUM(
      "a leader that hears no quorum goes on leading",
      new RaftRules() {
        @Override
        public boolean lostQuorum(long silentTicks, RaftConfig config) {
          return false;
        }
      }),
  TRANSFER_NEVER_GIVEN_UP(
      "a leader that hands over takes no proposals until its successor is elected",
      new RaftRules() {
        @Override
        public boolean givesUpTransfer(long ticks, RaftConfig config) {
          return false;
        }
      }),
  ANY_TERM_BELIEVED(
      "a message of any term is believed",
      new RaftRules() {
        @Override
        public boolean believesTerm(long messageTerm, long currentTerm) {
          return true;
        }
      }),
  ANY_COMMIT_INDEX_BELIEVED(
      "a heartbeat is believed that speaks of a commit index beyond the log",
      new RaftRules() {
        @Override
        public boolean believesCommitIndex(long commitIndex, long lastIndex) {
          return true;
        }
      }),
  ANY_LEADER_BELIEVED(
      "a second leader of a term is believed",
      new RaftRules() {
        @Override
        public boolean believesLeader(ReplicaId known, ReplicaId sender) {
          return true;
        }
      }),
  HUNG_DISK_IGNORED(
      "a replica whose disk hangs leads, campaigns and takes entries all the same",
      new RaftRules() {
        @Override
        public boolean isDiskStalled(long silentTicks, RaftConfig config) {
          return false;
        }
      }),
  CONFLICT_KEPT(
      "entries of an old leader are kept although the new leader's differ",
      new RaftRules() {
        @Override
        public boolean isConflict(long storedTerm, long receivedTerm) {
          return false;
        }
      }),
  ACKNOWLEDGED_BEFORE_DURABLE(
      "a follower acknowledges entries before they are durable",
      new RaftRules() {
        @Override
        public boolean acknowledgementMayLeaveBeforeDurable() {
          return true;
        }
      }),
  LEADER_COUNTS_ITSELF_EARLY(
      "a leader counts its own log before its disk has it",
      new RaftRules() {
        @Override
        public long leaderMatchIndex(long durableIndex, long lastIndex) {
          return lastIndex;
        }
      }),
  OLD_TERM_COMMITTED_BY_COUNTING(
      "an entry of an earlier term is committed because a majority stores it",
      new RaftRules() {
        @Override
        public boolean mayCommitByCounting(long entryTerm, long currentTerm) {
          return true;
        }
      }),
  COMMIT_BEYOND_MATCH(
      "a follower commits as far as the leader, also where its log was never compared",
      new RaftRules() {
        @Override
        public long followerCommitIndex(long leaderCommitIndex, long matchedIndex, long lastIndex) {
          return Math.min(leaderCommitIndex, lastIndex);
        }
      }),
  HEARTBEAT_COMMIT_BEYOND_MATCH(
      "a heartbeat tells a follower to commit what it is not known to hold",
      new RaftRules() {
        @Override
        public long heartbeatCommitIndex(long commitIndex, long matchIndex) {
          return commitIndex;
        }
      }),
  READ_BEFORE_OWN_COMMIT(
      "a new leader serves reads before it has committed an entry of its term",
      new RaftRules() {
        @Override
        public boolean mayServeReads(long commitTerm, long currentTerm) {
          return true;
        }
      }),
  READ_CONFIRMED_BY_OLD_ROUND(
      "a read is confirmed by the answer to a round that began before it",
      new RaftRules() {
        @Override
        public boolean confirmsRead(long acknowledgedRound, long readRound) {
          return acknowledgedRound >= readRound - 1;
        }
      }),
  READ_BEFORE_APPLIED(
      "a read is served by state that has not reached its read index",
      new RaftRules() {
        @Override
        public boolean mayServeFrom(long appliedIndex, long readIndex) {
          return true;
        }
      }),
  LEASE_WITHOUT_MARGIN(
      "a lease lasts as long as the election timeout, whatever the clocks do",
      new RaftRules() {
        @Override
        public long leaseEndNanos(long roundStartNanos, RaftConfig config) {
          return roundStartNanos + config.stickinessNanos();
        }
      }),
  LEASE_LONGER_THAN_STICKINESS(
      "a lease lasts for an election timeout, although voters stick to the leader for less",
      new RaftRules() {
        @Override
        public long leaseEndNanos(long roundStartNanos, RaftConfig config) {
          return roundStartNanos + config.electionTimeoutNanos() - config.leaseMarginNanos();
        }
      }),
  LEASE_DESPITE_TIMEOUT_NOW(
      "a leader keeps its lease although it told another replica to campaign",
      new RaftRules() {
        @Override
        public boolean mayLeaseAfterTimeoutNow() {
          return true;
        }
      }),
  SNAPSHOT_WITHOUT_MEMBERSHIP(
      "a snapshot is installed without its membership",
      new RaftRules() {
        @Override
        public Membership membershipAfterSnapshot(Membership current, Membership installed) {
          return current;
        }
      }),
  OTHER_DISK_ACCEPTED(
      "a node whose disk was wiped or rolled back is taken for its old self", RaftRules.STANDARD) {
    @Override
    public boolean refusesOtherDisks() {
      return false;
    }
  },
  UNSYNCED_TAIL_TRUSTED(
      "a log that is opened relies on what only the page cache holds after a failed sync",
      RaftRules.STANDARD) {
    @Override
    public boolean copiesUnsyncedTail() {
      return false;
    }
  },
  VOTE_NOT_STORED("the vote is not in what is stored", LogMutation.FORGET_VOTE),
  TERM_NOT_STORED("the term is not in what is stored", LogMutation.FORGET_TERM),
  LOG_REPORTED_BEFORE_SYNC(
      "the disk reports writes as durable that it has not synced", LogMutation.REPORT_EARLY),
  LATER_WRITES_REPORTED_TOO(
      "when one write is durable, all that were handed over meanwhile are reported too",
      LogMutation.REPORT_LATER_ONES_TOO),
  CHECKPOINT_REPORTED_EARLY(
      "a checkpoint is reported before it is durable, so the log is compacted too soon",
      StateMutation.REPORT_CHECKPOINT_EARLY),
  CHECKPOINT_WITH_OLD_INDEX(
      "a checkpoint is stored under the index of the one before, so entries are applied twice",
      StateMutation.OLD_INDEX),
  SNAPSHOT_INDEX_ONLY(
      "of a snapshot only the index is installed, the state stays", StateMutation.INDEX_ONLY),
  SNAPSHOT_TORN("of a snapshot only a part of the rows is installed", StateMutation.HALF_THE_ROWS);

  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // Stateless, as RaftRules demands.
  private final RaftRules rules;

  private final LogMutation logMutation;
  private final StateMutation stateMutation;

  Mutant(String sentence, RaftRules rules) {
    this(sentence, rules, LogMutation.NONE, StateMutation.NONE);
  }

  Mutant(String sentence, LogMutation logMutation) {
    this(sentence, RaftRules.STANDARD, logMutation, StateMutation.NONE);
  }

  Mutant(String sentence, StateMutation stateMutation) {
    this(sentence, RaftRules.STANDARD, LogMutation.NONE, stateMutation);
  }

  Mutant(String sentence, RaftRules rules, LogMutation logMutation, StateMutation stateMutation) {
    this.sentence = sentence;
    this.rules = rules;
    this.logMutation = logMutation;
    this.stateMutation = stateMutation;
  }

  /** What is broken. */
  public String sentence() {
    return sentence;
  }

  @Override
  public RaftRules rules() {
    return rules;
  }

  @Override
  public LogStorage log(LogStorage real, SimulatedProcess process) {
    return logMutation == LogMutation.NONE
        ? real
        : new MutantLogStorage(real, process, logMutation);
  }

  @Override
  public StateStore state(StateStore real, SimulatedProcess process) {
    return stateMutation == StateMutation.NONE
        ? real
        : new MutantStateStore(real, process, stateMutation);
  }
}
