package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_lists_examples_and_succeeds() {
    assertThat(run("--help")).isEqualTo(Main.OK);
    assertThat(out.toString()).contains("Usage: ostrakon").contains("Examples:");
    assertThat(out.toString()).contains("Exit codes:", "  4   refused: a limit, a right");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void version_names_the_program_and_succeeds() {
    assertThat(run("--version")).isEqualTo(Main.OK);
    assertThat(out.toString()).startsWith("ostrakon ");
  }

  @Test
  void a_missing_command_is_wrong_usage() {
    assertThat(run()).isEqualTo(Main.USAGE);
    assertThat(err.toString()).startsWith("ostrakon: A command is missing.");
  }

  @Test
  void an_unknown_option_is_wrong_usage_and_names_the_option() {
    assertThat(run("--frobnicate")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("--frobnicate").contains("--help");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
