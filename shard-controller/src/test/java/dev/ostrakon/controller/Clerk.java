package dev.ostrakon.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerGroup.Member;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.ProposalOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a controller group that sends one command after the other and does not give up: it
 * tries any member, retries under the same id, loses answers on purpose, and sends what it has had
 * answered once more now and then, as a slow network would.
 */
final class Clerk {
  private static final int PATIENCE_TICKS = 30;
  private static final double ANSWER_LOST = 0.15;
  private static final double SENT_AGAIN = 0.1;

  private final ControllerGroup group;
  private final long client;
  private final RandomSource random;
  private final ArrayDeque<ControllerCommand> commands = new ArrayDeque<>();
  private final List<ControllerRequest> finished = new ArrayList<>();
  private final List<ControllerAnswer> answers = new ArrayList<>();

  private @Nullable ControllerRequest current;
  private int waitedTicks;
  private boolean waiting;

  Clerk(ControllerGroup group, long client) {
    this.group = group;
    this.client = client;
    this.random = group.random().fork("clerk-" + client);
  }

  Clerk then(ControllerCommand command) {
    commands.addLast(command);
    return this;
  }

  boolean isDone() {
    return commands.isEmpty() && current == null;
  }

  /** The answers so far, in the order of the commands. */
  List<ControllerAnswer> answers() {
    return Collections.unmodifiableList(answers);
  }

  /** One tick of the clerk's life. */
  void tick() {
    ControllerRequest request = current;
    if (request == null) {
      sendOldOneAgain();
      ControllerCommand next = commands.pollFirst();
      if (next != null) {
        long sequence = finished.size() + 1L;
        request =
            new ControllerRequest(
                new RequestId(Samples.client(client), sequence),
                group.now(),
                // Leaves the last answer unacknowledged, so that it is still remembered.
                Math.max(0, sequence - 2),
                next);
        current = request;
        waiting = false;
      }
    }
    if (request != null && (!waiting || ++waitedTicks > PATIENCE_TICKS)) {
      send(request);
    }
  }

  private void sendOldOneAgain() {
    if (!finished.isEmpty() && random.chance(SENT_AGAIN)) {
      int which = finished.size() - 1;
      propose(
          anybody(),
          finished.get(which),
          outcome -> {
            if (outcome instanceof ProposalOutcome.Applied<ControllerAnswer> applied) {
              requireSameOrForgotten(which, applied.result());
            }
          });
    }
  }

  private void requireSameOrForgotten(int which, ControllerAnswer again) {
    boolean acknowledged =
        again instanceof ControllerAnswer.Refused refused
            && refused.refusal().reason() == ControllerRefusal.Reason.OUTCOME_FORGOTTEN
            && which < finished.size() - 1;
    if (!acknowledged) {
      assertThat(again).isEqualTo(answers.get(which));
    }
  }

  private void send(ControllerRequest request) {
    waiting = true;
    waitedTicks = 0;
    propose(
        anybody(),
        request,
        outcome -> {
          if (!request.equals(current)) {
            return;
          }
          if (outcome instanceof ProposalOutcome.Applied<ControllerAnswer> applied) {
            onAnswer(request, applied.result());
          } else {
            waiting = false;
          }
        });
  }

  private void onAnswer(ControllerRequest request, ControllerAnswer answer) {
    if (random.chance(ANSWER_LOST)) {
      waiting = false;
      return;
    }
    finished.add(request);
    answers.add(answer);
    current = null;
  }

  private Member anybody() {
    List<Member> running = group.running();
    return running.get(random.nextInt(running.size()));
  }

  private void propose(
      Member member, ControllerRequest request, Consumer<ProposalOutcome<ControllerAnswer>> done) {
    long deadlineNanos = group.scheduler().nowNanos() + PATIENCE_TICKS * ControllerGroup.TICK_NANOS;
    member
        .replica()
        .propose(EntryCodec.encode(new ControllerEntry(group.now(), request)), deadlineNanos, done);
  }
}
