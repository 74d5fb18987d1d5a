package dev.ostrakon.group;

import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;

/** Messages that arrive in any order, twice, or not at all; a sender learns that they did not. */
final class TestNetwork {
  private record Message(Runnable deliver, Runnable lost) {}

  private static final double LOSS = 0.1;
  private static final double DUPLICATION = 0.05;

  private final RandomSource random;
  private final List<Message> underway = new ArrayList<>();

  TestNetwork(RandomSource random) {
    this.random = random;
  }

  void send(Runnable deliver, Runnable lost) {
    underway.add(new Message(deliver, lost));
  }

  boolean isEmpty() {
    return underway.isEmpty();
  }

  void deliverAny() {
    Message message = underway.remove(random.nextInt(underway.size()));
    if (random.chance(LOSS)) {
      message.lost.run();
      return;
    }
    message.deliver.run();
    if (random.chance(DUPLICATION)) {
      underway.add(message);
    }
  }
}
