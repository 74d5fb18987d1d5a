package dev.ostrakon.cli.torture;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What goes wrong during a torture. */
interface Faults {
  /** Nothing does. */
  Faults NONE =
      new Faults() {
        @Override
        public List<Thread> start(CountDownLatch stop, Consumer<String> problems) {
          return List.of();
        }

        @Override
        public void heal() {}

        @Override
        public long count() {
          return 0;
        }

        @Override
        public String describe() {
          return "no faults";
        }
      };

  /**
   * Begins; the threads end when the latch is open.
   *
   * @param problems takes a sentence if something cannot be done
   */
  List<Thread> start(CountDownLatch stop, Consumer<String> problems);

  /** Makes everything whole again; the threads have ended. */
  void heal();

  /** How many there were. */
  long count();

  /** What is wrong now, for people. */
  String describe();
}
