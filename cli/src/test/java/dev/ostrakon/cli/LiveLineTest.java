package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a progress line writes. */
final class LiveLineTest {
  private static final String LONG = "0123456789".repeat(12);

  private final StringWriter err = new StringWriter();

  private LiveLine line(Terminal terminal) {
    return new LiveLine(new PrintWriter(err, true), terminal);
  }

  private String shownBy(LiveLine line) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              line.show(LONG);
              return !err.toString().isEmpty();
            });
    return err.toString();
  }

  @Test
  void fits_the_width_of_the_terminal() {
    String shown = shownBy(line(new Terminal(true, true, 40, true)));
    assertThat(shown).startsWith("\r0123").endsWith("...").hasSize(1 + 40 - 3);
  }

  @Test
  void does_not_wrap_on_a_terminal_that_became_narrower() {
    String shown = shownBy(line(new Terminal(true, true, 200, false)));
    assertThat(shown).isEqualTo("\r\u001b[?7l" + LONG + "\u001b[K\u001b[?7h");
  }

  @Test
  void is_a_plain_line_elsewhere_within_two_seconds() {
    long start = System.nanoTime();
    LiveLine line = line(new Terminal(false, false, 40, false));
    line.show(LONG);
    assertThat(err.toString()).as("at once").isEmpty();
    assertThat(shownBy(line)).isEqualTo(LONG + System.lineSeparator());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void is_taken_away_at_the_end() {
    LiveLine line = line(new Terminal(true, true, 200, false));
    String shown = shownBy(line);
    line.end();
    assertThat(err.toString()).isEqualTo(shown + "\r\u001b[K");
  }

  @Test
  void a_ticker_shows_what_takes_long_by_itself() throws Exception {
    LiveLine line = line(new Terminal(true, true, 200, false));
    line.<Boolean, InterruptedException>during(
        "work",
        () -> {
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> err.toString().contains("work, "));
          return true;
        });
    assertThat(err.toString()).endsWith("\r\u001b[K");
  }
}
