package dev.ostrakon.cli.torture;

import java.util.List;

/**
 * How a torture went; what its history says is another question.
 *
 * @param isInterrupted whether it was ended early
 * @param problems why it failed, one sentence each; empty if it did not
 * @param usage what the nodes took of the machine, a line each; empty if they are not its own
 */
public record TortureReport(
    long ops,
    long ok,
    long failed,
    long unknown,
    long faults,
    double seconds,
    boolean isInterrupted,
    List<String> problems,
    List<String> usage) {
  public TortureReport {
    problems = List.copyOf(problems);
    usage = List.copyOf(usage);
  }
}
