package dev.ostrakon.cli.torture;

import java.util.List;

/**
 * How a torture went; what its history says is another question.
 *
 * @param isInterrupted whether it was ended early
 * @param problems why it failed, one sentence each; empty if it did not
 */
public record TortureReport(
    long ops,
    long ok,
    long failed,
    long unknown,
    long faults,
    double seconds,
    boolean isInterrupted,
    List<String> problems) {
  public TortureReport {
    problems = List.copyOf(problems);
  }
}
