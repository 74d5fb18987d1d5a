package dev.ostrakon.cli.torture;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The process of one node, through kills and restarts. Any thread. */
final class NodeProcess {
  private static final int END_SECONDS_MAX = 10;

  private static final int CONNECT_MILLIS = 500;

  private final String name;
  private final int port;
  private final List<String> command;
  private final Path log;
  private final Path offsetFile;
  private @Nullable Process process;

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
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OSTRAKON_CLOCK_OFFSET_FILE", offsetFile.toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(new File(log.toString())));
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    process = builder.start();
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
    Process known = process;
    if (known != null) {
      known.destroyForcibly().waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
      process = null;
    }
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
