package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WallClockTest {
  private static final long HOUR_MILLIS = 3_600_000;

  @TempDir private Path folder;

  private static long offset(WallClock.Shifted clock) {
    return clock.wallMillis() - System.currentTimeMillis();
  }

  @Test
  void a_clock_follows_the_number_in_its_file() throws IOException {
    Path file = folder.resolve("offset");
    Files.writeString(file, Long.toString(-HOUR_MILLIS));
    WallClock.Shifted clock = new WallClock.Shifted(file);
    assertThat(offset(clock)).isBetween(-HOUR_MILLIS - 60_000, -HOUR_MILLIS + 60_000);

    Files.writeString(file, Long.toString(2 * HOUR_MILLIS));

    await().atMost(Duration.ofSeconds(30)).until(() -> offset(clock) > HOUR_MILLIS);
  }

  @Test
  void a_clock_without_a_readable_number_is_right() throws IOException {
    Path file = folder.resolve("offset");
    assertThat(offset(new WallClock.Shifted(file))).isBetween(-60_000L, 60_000L);
    Files.writeString(file, "soon");
    assertThat(offset(new WallClock.Shifted(file))).isBetween(-60_000L, 60_000L);
  }

  @Test
  void nobody_sets_clocks_wrong_unless_asked_to() {
    assertThat(System.getenv(WallClock.OFFSET_FILE)).isNull();
    assertThat(WallClock.fromEnvironment().wallMillis() - System.currentTimeMillis())
        .isBetween(-60_000L, 60_000L);
  }
}
