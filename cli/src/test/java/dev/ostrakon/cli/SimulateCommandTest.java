package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulations from the command line. */
final class SimulateCommandTest {

  private static String run(int expectedCode, String line) {
    StringWriter out = new StringWriter();
    int code = Main.run(line.split(" "), new PrintWriter(out, true), new PrintWriter(out, true));
    assertThat(code).as(out.toString()).isEqualTo(expectedCode);
    return out.toString();
  }

  private static String failureIn(String text) {
    Optional<String> found = text.lines().filter(line -> line.startsWith("FAILED")).findFirst();
    return found.orElseThrow(() -> new AssertionError("no failure in " + text));
  }

  @Test
  void seeds_of_both_kinds_run() {
    assertThat(run(Main.OK, "simulate --seeds 2 --threads 1")).contains("simulate: OK seeds=2");
    assertThat(run(Main.OK, "simulate --kind store --seeds 2 --from 0x10 --threads 1"))
        .contains("simulate: OK seeds=2");
  }

  @Test
  void a_failure_is_one_line_whose_command_replays_it() {
    String broken = "simulate --kind store --mutant FINISHED_LOST_IN_SNAPSHOT";
    String failure = failureIn(run(Main.OK, broken + " --seeds 5 --threads 1"));
    assertThat(failure).contains(" replay: bin/ostrakon simulate --kind store --seed 0x");

    String seed = failure.substring(failure.lastIndexOf(' ') + 1);
    assertThat(failureIn(run(Main.OK, broken + " --seed " + seed))).isEqualTo(failure);
  }

  @Test
  void json_is_one_object_that_holds_the_failures() {
    String broken =
        "simulate --kind store --mutant FINISHED_LOST_IN_SNAPSHOT --seeds 5 --threads 1";
    assertThat(run(Main.OK, broken + " --json").strip())
        .startsWith("{\"ok\":false,\"seeds\":")
        .contains("\"failures\":[\"FAILED seed=0x")
        .hasLineCount(1);
  }

  @Test
  void a_trace_tells_what_happened(@TempDir Path folder) throws Exception {
    Path trace = folder.resolve("trace.txt");

    run(Main.OK, "simulate --kind store --seed 2 --trace " + trace);

    assertThat(Files.readString(trace)).contains("plan ", "asks g1/", "tells n", "client ");
  }
}
