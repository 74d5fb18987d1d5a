package dev.ostrakon.txn;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one {@link Run} to its participants: at most one call or pause is underway for each.
 * A call that was not carried out is followed by a pause, after which the run says anew what to
 * ask.
 */
final class ParticipantCalls {
  /** Takes in what a participant has reported. */
  interface StatusListener {
    void onStatus(Leg leg, ParticipantCall.@Nullable Kind asked, TxnStatus status);
  }

  private final SortedMap<GroupId, Leg> legs = new TreeMap<>();
  private final ArrayDeque<Effect> effects = new ArrayDeque<>();

  /** Only rises. */
  private long lastNumber;

  private boolean isEnded;

  ParticipantCalls(List<GroupId> participants) {
    participants.forEach(group -> legs.put(group, new Leg(group)));
  }

  /** One for each participant, ascending. */
  Collection<Leg> legs() {
    return legs.values();
  }

  /** Whether all legs are so. */
  boolean all(Predicate<Leg> predicate) {
    for (Leg leg : legs.values()) {
      if (!predicate.test(leg)) {
        return false;
      }
    }
    return true;
  }

  /** Wants something done after what is wanted already. */
  void want(Effect effect) {
    effects.add(effect);
  }

  /** The next thing to do; null if there is none. */
  @Nullable Effect poll() {
    return effects.poll();
  }

  /** Asks each participant of which nothing is awaited what it is to be asked next, if anything. */
  void askNext(Function<Leg, Optional<ParticipantCall>> next) {
    for (Leg leg : legs.values()) {
      if (!leg.isBusy) {
        next.apply(leg).ifPresent(call -> ask(leg, call));
      }
    }
  }

  /** Takes in an answer; returns false if it is not awaited, and nothing has changed. */
  boolean onAnswer(GroupId group, long number, ParticipantAnswer answer, StatusListener listener) {
    Leg leg = awaited(group, number);
    if (leg == null) {
      return false;
    }
    ParticipantCall.Kind asked = leg.asked;
    leg.asked = null;
    leg.overloadedMillis = 0;
    if (answer instanceof ParticipantAnswer.Status reported) {
      listener.onStatus(leg, asked, reported.status());
    } else if (answer instanceof ParticipantAnswer.Denied denied
        && asked == ParticipantCall.Kind.ORDER) {
      leg.denial = denied.refusal();
    } else if (answer instanceof ParticipantAnswer.Denied) {
      pause(leg);
    } else if (answer instanceof ParticipantAnswer.Overloaded overloaded) {
      leg.overloadedMillis = overloaded.retryAfterMillis();
      pause(leg);
    } else {
      // Unless whoever was asked does not lead, it may be logged, now or later.
      leg.mayBeOrdered |=
          asked == ParticipantCall.Kind.ORDER && !(answer instanceof ParticipantAnswer.NotLeader);
      pause(leg);
    }
    return true;
  }

  /** Takes in the end of a pause; returns false if it is not awaited. */
  boolean onPauseOver(GroupId group, long number) {
    return awaited(group, number) != null;
  }

  /** Lets a pause begin before the participant is asked again. */
  void pause(Leg leg) {
    leg.failures++;
    leg.isBusy = true;
    leg.number = ++lastNumber;
    effects.add(new Effect.Pause(leg.group, leg.number, leg.failures, leg.overloadedMillis));
  }

  /** Listens to no answer to an await any more. */
  void endAwaits() {
    for (Leg leg : legs.values()) {
      if (leg.asked == ParticipantCall.Kind.AWAIT) {
        leg.isBusy = false;
        leg.asked = null;
      }
    }
  }

  /** Whether the log of some participant may hold something by this run, or may yet. */
  boolean mayBeLogged() {
    return !all(Leg::isUntouched);
  }

  /** Why a participant did not take the ORDER; null if none has said so. */
  @Nullable Refusal denial() {
    for (Leg leg : legs.values()) {
      if (leg.denial != null) {
        return leg.denial;
      }
    }
    return null;
  }

  /** The participants of which an answer or the end of a pause is awaited, ascending. */
  List<GroupId> busy() {
    List<GroupId> groups = new ArrayList<>();
    for (Leg leg : legs.values()) {
      if (leg.isBusy && !isEnded) {
        groups.add(leg.group);
      }
    }
    return groups;
  }

  /** How long a participant wants not to be asked, the longest; 0 if none has said so last. */
  long overloadedMillis() {
    return legs.values().stream().mapToLong(leg -> leg.overloadedMillis).max().orElse(0);
  }

  boolean isEnded() {
    return isEnded;
  }

  /** What is wanted already is still done; nothing is listened to any more. */
  void end() {
    isEnded = true;
  }

  /** Nothing is done and nothing is listened to any more. */
  void abandon() {
    isEnded = true;
    effects.clear();
  }

  private void ask(Leg leg, ParticipantCall call) {
    leg.isBusy = true;
    leg.asked = call.kind();
    leg.number = ++lastNumber;
    effects.add(new Effect.Ask(leg.group, leg.number, call, leg.failures));
  }

  private @Nullable Leg awaited(GroupId group, long number) {
    Leg leg = legs.get(group);
    if (leg == null || isEnded || !leg.isBusy || leg.number != number) {
      return null;
    }
    leg.isBusy = false;
    return leg;
  }
}
