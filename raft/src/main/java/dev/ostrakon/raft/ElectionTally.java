package dev.ostrakon.raft;

import dev.ostrakon.raft.quorum.VoteOutcome;
import java.util.Set;
import java.util.TreeSet;

/**
 * The answers to one request for votes or pre-votes. An answer counts once, and the first one of a
 * voter stands: a duplicate or a late contradiction changes nothing.
 */
final class ElectionTally {

  private final Quorum quorum;
  private final Set<ReplicaId> granted = new TreeSet<>();
  private final Set<ReplicaId> denied = new TreeSet<>();

  ElectionTally(Quorum quorum) {
    this.quorum = quorum;
  }

  void grant(ReplicaId voter) {
    if (!denied.contains(voter)) {
      granted.add(voter);
    }
  }

  void deny(ReplicaId voter) {
    if (!granted.contains(voter)) {
      denied.add(voter);
    }
  }

  VoteOutcome outcome() {
    return quorum.outcome(granted, denied);
  }
}
