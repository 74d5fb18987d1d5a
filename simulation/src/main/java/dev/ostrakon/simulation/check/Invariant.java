package dev.ostrakon.simulation.check;

/** What has to hold at all times, or at the end of a run. */
public enum Invariant {
  ELECTION_SAFETY("at most one leader is elected in a term, once"),
  LEADER_APPEND_ONLY("a leader never overwrites or removes entries of its log"),
  LOG_MATCHING("entries with the same index and term are the same, and so are all before them"),
  LEADER_COMPLETENESS("what was committed in a term is in the log of every later leader"),
  STATE_MACHINE_SAFETY("every replica applies the same entries, in order, without gaps"),
  STATE_EQUALITY("replicas that have applied the same hold the same state"),
  COMMIT_MONOTONE("applied <= committed <= last, and none of them goes back in a life"),
  COMMIT_DURABLE("what is committed is on a majority of disks, also after a crash"),
  PROMISE_DURABLE("term, vote and entries are durable when others are told of them"),
  ONE_VOTE_PER_TERM("a replica votes for one candidate in a term, whatever it forgot in a crash"),
  TERM_MONOTONE("a replica never goes back behind a term that it has shown to others"),
  COMPACTION("an entry leaves a log only once a durable checkpoint contains it"),
  CHECK_QUORUM("a leader that hears no quorum gives up within an election timeout"),
  HUNG_DISK("whose disk owes an answer for long neither leads nor campaigns nor takes entries"),
  PRE_VOTE("nobody raises its term unless a quorum would vote for it or its leader hands over"),
  MEMBERSHIP("every replica that is up to date knows the same members"),
  LINEARIZABLE("a client sees everything that was acknowledged before it asked"),
  STRICT_SERIALIZABLE("transactions have an order that agrees with what was read and real time"),
  ATOMIC_VISIBILITY("who reads several keys sees all of a transaction or nothing of it"),
  BRANCH("the branch taken is the one that the conditions choose at some moment of the call"),
  REFUSAL("nothing is refused without its reason"),
  DOUBT("nobody is left in doubt without a cause"),
  ID_OF_ONE_REQUEST("an id that was used is never an answer to another request"),
  ANSWERED("every call that reaches a node in good health is answered once, by its deadline"),
  SUM("money neither appears nor vanishes; a counter is the sum of what was added to it"),
  ONE_VALUE_PER_VERSION("a version is given to one value of a key and no other"),
  DENIAL_FORGOTTEN("what a group does not serve yet is denied, and may be done later"),
  NOTHING_PENDING("once everybody is in good health, no transaction is left pending"),
  NOTHING_SUPERFLUOUS(
      "once everything has ended, only those records are held that may still be asked for"),
  REMEMBERED("what became of a request is remembered until its client has acknowledged it"),
  RESULT("the result of a command is what the committed log says"),
  EXACTLY_ONCE("an acknowledged command is in the log once, a refused one never"),
  CORE_INVARIANT("no replica stops itself because of a bug"),
  NO_EXCEPTION("nothing throws"),
  PROGRESS("with a quorum in good health, commands commit within a bound"),
  CONVERGENCE("with everybody in good health, all replicas end in the same state and nobody waits"),
  BOUNDED_WORK("a run ends after a bounded number of events"),
  DETERMINISM("the same seed takes the same course");

  private final String sentence;

  Invariant(String sentence) {
    this.sentence = sentence;
  }

  /** What has to hold. */
  public String sentence() {
    return sentence;
  }
}
