package dev.ostrakon.benchmarks.raft;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The benchmark's end of one {@link BenchmarkNode}. Confined to one thread; calls block. */
final class BenchmarkProcess implements AutoCloseable {

  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  private BenchmarkProcess(Process process) {
    this.process = process;
    this.commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a process with this one's class path.
   *
   * @param folder for its data, and for what it writes to its log
   * @param arguments of {@link BenchmarkNode#main}
   */
  static BenchmarkProcess start(Path folder, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-opens",
            "java.base/sun.nio.ch=ALL-UNNAMED",
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(jvmOptions);
    command.add(BenchmarkNode.class.getName());
    command.addAll(arguments);
    return new BenchmarkProcess(
        new ProcessBuilder(command).redirectError(folder.resolve("log.txt").toFile()).start());
  }

  void awaitReady() throws IOException {
    String line = answers.readLine();
    while (line != null && !line.equals("ready")) {
      if (line.startsWith("failed")) {
        throw new IOException("a node did not start, it said: " + line);
      }
      // Something that the JVM says on its own account.
      line = answers.readLine();
    }
    if (line == null) {
      throw new IOException("a node ended before it was ready");
    }
  }

  /** Sends a command and waits for its answer. */
  String ask(String command) throws IOException {
    commands.write(command);
    commands.newLine();
    commands.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("a node ended while it was asked: " + command);
    }
    return answer;
  }

  /** Lets some time pass; fails if the node ends meanwhile. */
  void run(long millis) throws IOException {
    try {
      if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("a node ended by itself, with " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  Sample sample() throws IOException {
    return Sample.fromLine(ask("sample"));
  }

  /**
   * Asks the node to end, so that profilers can write what they have, and sees to it that it does.
   */
  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        ask("stop");
        process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      // It is gone already, which is all that was wanted.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
