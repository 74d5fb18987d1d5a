package dev.ostrakon.node;

import dev.ostrakon.hlc.PhysicalClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The clock of the machine.
 *
 * <p>For tests alone it can be set wrong: {@value #OFFSET_FILE} in the environment names a file
 * with a number of milliseconds, which is read again and again and added. A file that is missing or
 * holds something else changes nothing.
 */
final class WallClock {
  /** The environment variable that names the file. */
  static final String OFFSET_FILE = "OSTRAKON_CLOCK_OFFSET_FILE";

  private static final long READ_GAP_MILLIS = 50;

  private WallClock() {}

  /** The right clock unless the environment asks for a wrong one. */
  static PhysicalClock fromEnvironment() {
    String file = System.getenv(OFFSET_FILE);
    return file == null || file.isEmpty()
        ? System::currentTimeMillis
        : new Shifted(Path.of(file))::wallMillis;
  }

  /** Reads the file on a thread of its own: whoever asks for the time must not wait for a disk. */
  static final class Shifted {
    private final Path file;
    private volatile long offsetMillis;

    Shifted(Path file) {
      this.file = file;
      readOffset();
      ScheduledExecutorService reader =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "clock-offset");
                thread.setDaemon(true);
                return thread;
              });
      var unused =
          reader.scheduleWithFixedDelay(
              this::readOffset, READ_GAP_MILLIS, READ_GAP_MILLIS, TimeUnit.MILLISECONDS);
    }

    long wallMillis() {
      return System.currentTimeMillis() + offsetMillis;
    }

    private void readOffset() {
      try {
        offsetMillis = Long.parseLong(Files.readString(file).strip());
      } catch (IOException | NumberFormatException e) {
        // Half-written or not there yet: the next reading will tell.
        return;
      }
    }
  }
}
