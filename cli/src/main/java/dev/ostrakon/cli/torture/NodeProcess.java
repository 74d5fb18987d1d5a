package dev.ostrakon.cli.torture;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The process of one node, through kills and restarts. Any thread. */
final class NodeProcess {
  private static final int END_SECONDS_MAX = 10;

  private static final int CONNECT_MILLIS = 500;

  private static final int LOG_LINES_MAX = 12;
  private static final int LOG_TAIL_BYTES = 8_192;
  private static final int DEATHS_MAX = 10;

  private final String name;
  private final int port;
  private final List<String> command;
  private final Path log;
  private final Path offsetFile;
  private final List<String> deaths = new ArrayList<>();
  private @Nullable Process process;
  private long startNanos;
  private int starts;

  /**
   * @param port where it listens
   * @param command that starts it
   * @param log takes what all its lives print
   * @param offsetFile how wrong its clock is, in milliseconds
   */
  NodeProcess(String name, int port, List<String> command, Path log, Path offsetFile) {
    this.name = name;
    this.port = port;
    this.command = List.copyOf(command);
    this.log = log;
    this.offsetFile = offsetFile;
  }

  String name() {
    return name;
  }

  synchronized void start() throws IOException {
    if (isAlive()) {
      return;
    }
    noteDeath();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OSTRAKON_CLOCK_OFFSET_FILE", offsetFile.toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(new File(log.toString())));
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    process = builder.start();
    startNanos = System.nanoTime();
    starts++;
  }

  /** Notes it if the process has ended and nobody here has killed it. */
  private synchronized void noteDeath() {
    Process known = process;
    if (known != null && !known.isAlive()) {
      process = null;
      if (deaths.size() < DEATHS_MAX) {
        deaths.add(describeDeath(known.exitValue()));
      }
    }
  }

  private String describeDeath(int exitCode) {
    return String.format(
        Locale.ROOT,
        "Node %s ended by itself with exit code %d, %.1f s after its start. The end of its log"
            + " %s:%n%s",
        name,
        exitCode,
        (System.nanoTime() - startNanos) / 1e9,
        log,
        lastLogLines());
  }

  private String lastLogLines() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LOG_TAIL_BYTES);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(tail);
      List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
      return lines.stream()
          .skip(Math.max(0, lines.size() - LOG_LINES_MAX))
          .map(line -> "  | " + line)
          .collect(Collectors.joining(System.lineSeparator()));
    } catch (IOException e) {
      return "  (it cannot be read: " + e.getMessage() + ")";
    }
  }

  /** How it ended by itself since this was asked last: a sentence and log lines each time. */
  synchronized List<String> takeDeaths() {
    noteDeath();
    List<String> taken = List.copyOf(deaths);
    deaths.clear();
    return taken;
  }

  /** How often it was started. */
  synchronized int starts() {
    return starts;
  }

  /** What its process takes now; empty if there is none. */
  synchronized Optional<NodeUsage.Sample> sample() {
    Process known = process;
    return known == null ? Optional.empty() : NodeUsage.Sample.of(known.pid());
  }

  /** Whether somebody listens on its port. */
  boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  synchronized boolean isAlive() {
    Process known = process;
    return known != null && known.isAlive();
  }

  /** Ends it without warning, as a crash does. */
  synchronized void kill() throws InterruptedException {
    noteDeath();
    Process known = process;
    if (known != null) {
      known.destroyForcibly().waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
      process = null;
    }
  }

  /**
   * Asks it to end, as SIGTERM does, and waits for that.
   *
   * @return its exit code; empty if it did not end in time
   */
  synchronized OptionalInt terminate(int secondsMax) throws InterruptedException {
    Process known = process;
    if (known == null) {
      return OptionalInt.empty();
    }
    known.destroy();
    if (!known.waitFor(secondsMax, TimeUnit.SECONDS)) {
      return OptionalInt.empty();
    }
    process = null;
    return OptionalInt.of(known.exitValue());
  }

  /** Lets it stand still, or go on. */
  synchronized void setPaused(boolean paused) throws IOException, InterruptedException {
    Process known = process;
    if (known != null && known.isAlive()) {
      String signal = paused ? "-STOP" : "-CONT";
      new ProcessBuilder("kill", signal, Long.toString(known.pid()))
          .redirectErrorStream(true)
          .start()
          .waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
    }
  }

  /** Sets its clock wrong; 0 sets it right. */
  void setClockOffset(long millis) throws IOException {
    Path draft = offsetFile.resolveSibling(offsetFile.getFileName() + ".new");
    Files.writeString(draft, Long.toString(millis));
    Files.move(draft, offsetFile, StandardCopyOption.REPLACE_EXISTING);
  }
}
