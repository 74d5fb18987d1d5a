package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TortureCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int torture(String arguments) {
    List<String> args = new ArrayList<>(List.of("torture"));
    args.addAll(List.of(arguments.split(" ")));
    return Main.run(
        args.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--spawn 3 --workload bank|--history",
        "--spawn 3 --history a.edn|--workload",
        "--spawn 3 --workload bank --history a.jsonl|--history must end in .edn",
        "--spawn 3 --workload register --history a.edn|--history must end in .jsonl or .json",
        "--spawn 3 --workload bank --history a.edn --faults storm|storm",
        "--spawn 3 --cluster a:1 --workload bank --history a.edn|exclude each other",
        "--spawn 99 --workload bank --history a.edn|--spawn must be in [1, 9]",
        "--cluster a:1 --workload bank --history a.edn --faults kill|--faults needs --spawn",
        "--spawn 3 --workload bank --history a.edn --seconds 0|--seconds must be at least 1",
        "--spawn 3 --workload bank --history nowhere/a.edn|there is no such folder",
        "--spawn 3 --workload bank --history a.edn --heap lots|--heap expects a size such as 256m",
        "--cluster nonsense --workload bank --history a.edn|--cluster expects HOST:PORT"
      })
  void wrong_usage_is_told_before_anything_starts(String arguments, String problem) {
    assertThat(torture(arguments)).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains(problem);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void what_does_not_work_yet_says_so() {
    assertThat(torture("--spawn 3 --workload bank --history a.edn --faults move"))
        .isEqualTo(Main.REFUSED);
    assertThat(err.toString()).contains("slots cannot be moved yet");
  }

  @Test
  @Timeout(60)
  void a_node_that_ends_at_its_start_is_told_at_once_with_the_end_of_its_log() throws IOException {
    String history = folder.resolve("a.edn").toString();

    int code = torture("--spawn 1 --heap 900000000000g --workload bank --history " + history);

    assertThat(code).isEqualTo(Main.FAILED);
    assertThat(err.toString())
        .contains("Node n1 ended by itself with exit code 1", "n1.log", "  | Error: ")
        .doesNotContain("did not take anything");
    assertThat(out.toString()).contains("torture: FAILED ops=0");
  }

  @Test
  void a_cluster_that_is_not_there_is_told_by_the_deadline() {
    assertThat(
            torture("--cluster 127.0.0.1:1 --timeout-millis 300 --workload bank --history a.edn"))
        .isEqualTo(Main.UNREACHABLE);
    assertThat(err.toString()).contains("127.0.0.1:1");
  }

  @Test
  void help_has_examples() {
    assertThat(torture("--help")).isEqualTo(Main.OK);
    assertThat(out.toString()).contains("--spawn", "--faults", "Examples:");
  }
}
