package dev.ostrakon.raft;

import dev.ostrakon.raft.RaftMessage.ReadIndex;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The reads that a follower has passed on to its leader. All that gather in one turn share one
 * question; the question is repeated with the rhythm of heartbeats and given up after an election
 * timeout.
 *
 * <p>Hazard: an answer to a question of an earlier life of this replica must not be taken for one
 * to a new question, or a read could miss a write. So numbers never repeat: they start at a random
 * place moved on by the clock, and every question takes more than a nanosecond.
 */
final class ForwardedReads {

  /** Reads that share one question, oldest first. */
  private static final class Question {
    private final List<Long> requestIds;
    private int ageTicks;

    Question(List<Long> requestIds) {
      this.requestIds = requestIds;
    }
  }

  private final RaftConfig config;
  private final Map<Long, Question> asked = new LinkedHashMap<>();
  private List<Long> gathered = new ArrayList<>();
  private int pending;
  private long nextQuestionId;

  ForwardedReads(RaftConfig config, RandomSource random, long nowNanos) {
    this.config = config;
    this.nextQuestionId = random.nextLong() + nowNanos;
  }

  /** Takes a read; returns false if there is no room. */
  boolean maybeAdd(long requestId) {
    if (pending >= config.maxPendingReads()) {
      return false;
    }
    pending++;
    gathered.add(requestId);
    return true;
  }

  /** Whether reads wait for a question to be asked. */
  boolean isDue() {
    return !gathered.isEmpty();
  }

  /** Asks for all that have gathered. */
  void ask(ReplicaId leader, long term, Outbox outbox) {
    asked.put(nextQuestionId, new Question(gathered));
    outbox.send(leader, new ReadIndex(term, nextQuestionId));
    gathered = new ArrayList<>();
    nextQuestionId++;
  }

  void onTick(ReplicaId leader, long term, Outbox outbox) {
    Iterator<Map.Entry<Long, Question>> oldestFirst = asked.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<Long, Question> entry = oldestFirst.next();
      Question question = entry.getValue();
      question.ageTicks++;
      if (question.ageTicks >= config.electionTimeoutTicks()) {
        oldestFirst.remove();
        settle(question.requestIds, 0, ReadOutcome.Status.DROPPED, outbox);
      } else if (question.ageTicks % config.heartbeatTicks() == 0) {
        outbox.send(leader, new ReadIndex(term, entry.getKey()));
      }
    }
  }

  /** The leader's answer; late and duplicate ones find nothing. */
  void onAnswer(long questionId, long readIndex, Outbox outbox) {
    Question question = asked.remove(questionId);
    if (question != null) {
      settle(question.requestIds, readIndex, ReadOutcome.Status.CONFIRMED, outbox);
    }
  }

  /** The leader is gone: its answers would prove nothing to whoever asks next. */
  void dropAll(Outbox outbox) {
    for (Question question : asked.values()) {
      settle(question.requestIds, 0, ReadOutcome.Status.DROPPED, outbox);
    }
    asked.clear();
    settle(gathered, 0, ReadOutcome.Status.DROPPED, outbox);
    gathered = new ArrayList<>();
  }

  private void settle(
      List<Long> requestIds, long readIndex, ReadOutcome.Status status, Outbox outbox) {
    for (int i = 0; i < requestIds.size(); i++) {
      outbox.settleRead(requestIds.get(i), readIndex, status);
    }
    pending -= requestIds.size();
  }
}
