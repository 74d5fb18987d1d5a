package dev.ostrakon.node;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A {@link RaftTestNode} in a process of its own, and the test's end of its lines. Thread-safe. */
final class NodeProcess {

  /** What a question to a process that died is answered with. */
  static final String DEAD = "dead";

  private final int number;
  private final List<Integer> ports;
  private final Path folder;
  private final int checkpointEntries;
  private final int retainedEntries;
  private final Map<String, CompletableFuture<String>> questions = new ConcurrentHashMap<>();
  private @Nullable Process process;
  private @Nullable BufferedWriter commands;
  private CompletableFuture<String> firstLine = new CompletableFuture<>();
  private Map<String, String> environment = Map.of();
  private int statusCount;

  /**
   * @param folder the node's data and the log of its process
   */
  NodeProcess(
      int number, List<Integer> ports, Path folder, int checkpointEntries, int retainedEntries) {
    this.number = number;
    this.ports = ports;
    this.folder = folder;
    this.checkpointEntries = checkpointEntries;
    this.retainedEntries = retainedEntries;
  }

  int number() {
    return number;
  }

  /** What the process finds in its environment when it is started next. */
  void setEnvironment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
  }

  Path dataFolder() {
    return folder.resolve("data");
  }

  /** What the process wrote to its log, for a test that failed. */
  String log() {
    try {
      return Files.readString(folder.resolve("log.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-opens",
            "java.base/sun.nio.ch=ALL-UNNAMED",
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dvertx.disableDnsResolver=true",
            "-cp",
            System.getProperty("java.class.path"),
            RaftTestNode.class.getName(),
            Integer.toString(number),
            String.join(",", ports.stream().map(String::valueOf).toList()),
            dataFolder().toString(),
            Integer.toString(checkpointEntries),
            Integer.toString(retainedEntries)));
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()));
      builder.environment().putAll(environment);
      Process started = builder.start();
      process = started;
      commands =
          new BufferedWriter(
              new OutputStreamWriter(started.getOutputStream(), StandardCharsets.UTF_8));
      CompletableFuture<String> first = new CompletableFuture<>();
      firstLine = first;
      Thread reader = new Thread(() -> listen(started, first), "node " + number);
      reader.setDaemon(true);
      reader.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first line that the process says: {@code ready}, or why it failed. */
  String awaitFirstLine() {
    CompletableFuture<String> first;
    synchronized (this) {
      first = firstLine;
    }
    return await(first);
  }

  /** Ends the process at once, as a power cut would; what waits for it is answered with DEAD. */
  synchronized void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      awaitExit();
    }
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Waits for the process to end, and returns its exit code. */
  int awaitExit() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("node " + number + " was not started");
    }
    try {
      if (!running.waitFor(Awaits.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("node " + number + " does not end:\n" + log());
      }
      return running.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Keeps the process from running, until {@link #resume}. */
  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  /** Asks for something that is answered with a line of which the second word is {@code word}. */
  CompletableFuture<String> ask(String verb, String word) {
    CompletableFuture<String> answer =
        questions.computeIfAbsent(word, w -> new CompletableFuture<>());
    if (!send(verb + " " + word)) {
      answer.complete(DEAD);
      questions.remove(word);
    }
    return answer;
  }

  /** The process's status line, or DEAD. */
  String status() {
    int count;
    synchronized (this) {
      count = statusCount++;
    }
    return await(ask("status", "s" + count));
  }

  /** A number from the status line. */
  long status(String name) {
    String status = status();
    for (String word : status.split(" ", -1)) {
      if (word.startsWith(name + "=")) {
        return Long.parseLong(word.substring(name.length() + 1));
      }
    }
    throw new IllegalStateException("no " + name + " in '" + status + "'");
  }

  void stop() {
    if (send("stop")) {
      awaitExit();
    }
  }

  static String await(CompletableFuture<String> answer) {
    try {
      return answer.get(Awaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + Awaits.LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private synchronized boolean send(String line) {
    BufferedWriter writer = commands;
    if (writer == null || !isAlive()) {
      return false;
    }
    try {
      writer.write(line);
      writer.newLine();
      writer.flush();
      return true;
    } catch (IOException e) {
      return false; // It has just died.
    }
  }

  private void listen(Process started, CompletableFuture<String> first) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        if (!first.complete(line)) {
          onAnswer(line);
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      // The pipe broke with the process: the same as its end.
    }
    first.complete(DEAD);
    questions.values().forEach(question -> question.complete(DEAD));
    questions.clear();
  }

  private void onAnswer(String line) {
    String[] words = line.split(" ", 3);
    CompletableFuture<String> question = words.length > 1 ? questions.remove(words[1]) : null;
    if (question != null) {
      question.complete(line);
    }
  }

  private void signal(String name) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("node " + number + " was not started");
    }
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
