package dev.ostrakon.txn;

import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A read of several groups without a log entry. PROTOCOL.md, "Reads": read all keys, then read all
 * versions again; what is unchanged was all there at one instant between the two rounds.
 *
 * <p>A pure state machine of the same shape as {@link TxnRun}.
 */
final class DoubleRead {
  /*
   * A round begins when the one before it has ended. Each group reads its fragment at one instant, and
   * sees exactly what was decided by then, for it waits for what is ready and not yet applied.
   *
   * 1. If group g gives the same in rounds i < k, with the same versions, nothing that g was asked about
   *    has changed from its instant of round i to its instant of round k: a version is never used again.
   *    That span covers all the time between the rounds.
   *
   * 2. Rounds 1 and 2, all groups the same: all of it was there when round 2 began.
   *
   * 3. Rounds 1, 2 and 3, all groups but one the same in rounds 1 and 3: all of theirs was there during
   *    round 2, so also at the instant at which the one was read in round 2. Its answer needs no proof.
   *
   * 4. Absence has no version: a key that is absent twice may have been there in between. So a group
   *    that misses a key counts as changed. Deviation: PROTOCOL.md compares versions only; a transaction
   *    that puts x and y between the two groups' instants of round 1, and one that deletes x and changes
   *    y between those of round 2, would show the new y without x.
   */

  private final Split split;
  private final int roundsMax;
  private final TxnRules rules;
  private final SortedMap<GroupId, Leg> legs = new TreeMap<>();
  private final SortedMap<GroupId, ParticipantCall.Read> calls = new TreeMap<>();
  private final List<SortedMap<GroupId, Evaluation>> rounds = new ArrayList<>();
  private final ArrayDeque<Effect> effects = new ArrayDeque<>();
  private SortedMap<GroupId, Evaluation> round = new TreeMap<>();
  private long lastNumber;
  private boolean isEnded;

  DoubleRead(Split split, int roundsMax, TxnRules rules) {
    this.split = split;
    this.roundsMax = roundsMax;
    this.rules = rules;
    split
        .fragments()
        .forEach(
            (group, fragment) -> {
              legs.put(group, new Leg(group));
              calls.put(group, new ParticipantCall.Read(withKeysOfConditions(fragment)));
            });
  }

  boolean isEnded() {
    return isEnded;
  }

  /** How many rounds were read beyond those that every read needs. */
  int extraRounds() {
    return Math.max(0, rounds.size() - 2);
  }

  /** The next thing to do; null if there is none. */
  @Nullable Effect poll() {
    return effects.poll();
  }

  /** Begins. */
  void start() {
    legs.values().forEach(this::ask);
  }

  /** A participant has answered. */
  void onAnswer(GroupId group, long number, ParticipantAnswer answer) {
    Leg leg = awaited(group, number);
    if (leg == null) {
      return;
    }
    if (answer instanceof ParticipantAnswer.Seen seen) {
      leg.failures = 0;
      round.put(group, seen.evaluation());
      if (round.size() == legs.size()) {
        onRoundOver();
      }
    } else if (answer instanceof ParticipantAnswer.Denied denied) {
      end(new Effect.Deny(denied.refusal()));
    } else {
      long wish =
          answer instanceof ParticipantAnswer.Overloaded overloaded
              ? overloaded.retryAfterMillis()
              : 0;
      leg.failures++;
      leg.isBusy = true;
      leg.number = ++lastNumber;
      effects.add(new Effect.Pause(group, leg.number, leg.failures, wish));
    }
  }

  /** A pause is over. */
  void onPauseOver(GroupId group, long number) {
    Leg leg = awaited(group, number);
    if (leg != null) {
      ask(leg);
    }
  }

  private @Nullable Leg awaited(GroupId group, long number) {
    Leg leg = legs.get(group);
    if (leg == null || isEnded || !leg.isBusy || leg.number != number) {
      return null;
    }
    leg.isBusy = false;
    return leg;
  }

  private void ask(Leg leg) {
    leg.isBusy = true;
    leg.number = ++lastNumber;
    effects.add(
        new Effect.Ask(leg.group, leg.number, Objects.requireNonNull(calls.get(leg.group))));
  }

  private void onRoundOver() {
    rounds.add(round);
    SortedMap<GroupId, Evaluation> proved = proved();
    if (proved != null) {
      end(seen(proved));
    } else if (rounds.size() >= roundsMax || (rounds.size() > 1 && isHopeless())) {
      end(new Effect.RunAsTransaction());
    } else {
      round = new TreeMap<>();
      legs.values().forEach(this::ask);
    }
  }

  private void end(Effect effect) {
    effects.add(effect);
    isEnded = true;
  }

  /** What was there at one instant; null if that is not proved yet. */
  private @Nullable SortedMap<GroupId, Evaluation> proved() {
    int count = rounds.size();
    if (legs.size() == 1 || !rules.readsTwice()) {
      return round;
    }
    if (count >= 2 && changedSince(rounds.get(count - 2)).isEmpty()) {
      return round;
    }
    if (count >= 3) {
      SortedSet<GroupId> changed = changedSince(rounds.get(count - 3));
      if (rules.provesReadWith(changed.size())) {
        SortedMap<GroupId, Evaluation> proved = new TreeMap<>(round);
        changed.forEach(
            one -> proved.put(one, Objects.requireNonNull(rounds.get(count - 2).get(one))));
        return proved;
      }
    }
    return null;
  }

  private SortedSet<GroupId> changedSince(SortedMap<GroupId, Evaluation> earlier) {
    SortedSet<GroupId> changed = new TreeSet<>();
    round.forEach(
        (group, now) -> {
          boolean isSame =
              now.equals(earlier.get(group)) && !(rules.mistrustsAbsence() && missesAny(now));
          if (!isSame) {
            changed.add(group);
          }
        });
    return changed;
  }

  /** Whether so many groups miss keys that no further round would prove anything. */
  private boolean isHopeless() {
    return rules.mistrustsAbsence()
        && round.values().stream().filter(DoubleRead::missesAny).count() > 1;
  }

  private static boolean missesAny(Evaluation evaluation) {
    return misses(evaluation.then()) || misses(evaluation.otherwise());
  }

  private static boolean misses(BranchResult result) {
    return result instanceof BranchResult.Results given
        && given.results().stream().anyMatch(OperationResult.Absent.class::isInstance);
  }

  private Effect seen(SortedMap<GroupId, Evaluation> proved) {
    boolean holds =
        rules.wantsConditionsOfAll()
            ? proved.values().stream().allMatch(Evaluation::conditionsHold)
            : proved.values().stream().anyMatch(Evaluation::conditionsHold);
    Branch branch = holds ? Branch.THEN : Branch.OTHERWISE;
    SortedMap<GroupId, List<OperationResult>> results = new TreeMap<>();
    split
        .fragments()
        .forEach(
            (group, fragment) -> {
              int count =
                  switch (branch) {
                    case THEN -> fragment.then().size();
                    case OTHERWISE -> fragment.otherwise().size();
                  };
              Evaluation evaluation = proved.get(group);
              if (evaluation != null
                  && evaluation.of(branch) instanceof BranchResult.Results given) {
                results.put(group, given.results().subList(0, count));
              }
            });
    return split
        .merge(branch, split.configuration(), results)
        .<Effect>map(merged -> new Effect.Seen(branch, merged))
        .orElseGet(Effect.RunAsTransaction::new);
  }

  /** So that the versions of all that the conditions look at are compared, too. */
  private static Transaction withKeysOfConditions(Transaction fragment) {
    SortedSet<Key> keys = new TreeSet<>();
    for (Condition condition : fragment.conditions()) {
      keys.add(condition.key());
    }
    fragment.then().forEach(operation -> keys.remove(operation.key()));
    List<Operation> then = new ArrayList<>(fragment.then());
    keys.forEach(key -> then.add(new Operation.Get(key)));
    return new Transaction(fragment.conditions(), then, fragment.otherwise());
  }
}
