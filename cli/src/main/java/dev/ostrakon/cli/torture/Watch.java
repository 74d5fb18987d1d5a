package dev.ostrakon.cli.torture;

import java.util.List;

/** An eye on the nodes of a run. One thread. */
interface Watch {
  /** Nobody's nodes. */
  Watch NONE =
      new Watch() {
        @Override
        public void measure() {}

        @Override
        public List<String> deaths() {
          return List.of();
        }

        @Override
        public List<String> usage() {
          return List.of();
        }
      };

  /** From now on they serve, and what they take counts. */
  void measure();

  /** Which nodes ended by themselves since the last look, a sentence and log lines each. */
  List<String> deaths();

  /** What each took of the machine, a line each. */
  List<String> usage();
}
