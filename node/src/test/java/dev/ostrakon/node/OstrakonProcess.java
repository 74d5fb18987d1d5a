package dev.ostrakon.node;

import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.settings.NodeOption;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.NodeSettingsReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A cluster of one node in a process of its own with a heap of 256 MiB. Thread-safe. */
final class OstrakonProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final int port;
  private final int adminPort;
  private final HttpClient http = HttpClient.newHttpClient();

  private OstrakonProcess(Process process, Path log, int port, int adminPort) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.adminPort = adminPort;
  }

  /** The process: arguments are options of a node, as {@code name=value}. */
  public static void main(String[] args) {
    Map<NodeOption, String> options = new EnumMap<>(NodeOption.class);
    for (String arg : args) {
      int equals = arg.indexOf('=');
      options.put(
          NodeOption.named(arg.substring(0, equals)).orElseThrow(), arg.substring(equals + 1));
    }
    NodeSettings settings = NodeSettingsReader.read(options, Map.of(), null);
    OstrakonNode.start(settings)
        .compose(node -> node.ready().map(node))
        .onSuccess(node -> System.out.println("ready"))
        .onFailure(
            cause -> {
              System.out.println("failed " + cause);
              Runtime.getRuntime().halt(1);
            });
  }

  static OstrakonProcess start(Path folder, List<String> options) {
    return start(folder, List.of(), options);
  }

  /** A process that may have no more files and connections open. */
  static OstrakonProcess startWithDescriptors(Path folder, int max, List<String> options) {
    String script = "ulimit -n " + max + " && exec \"$@\"";
    return start(folder, List.of("bash", "-c", script, "bash"), options);
  }

  private static OstrakonProcess start(Path folder, List<String> launcher, List<String> options) {
    List<Integer> ports = FreePorts.find(2);
    List<String> command = new ArrayList<>(launcher);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens",
            "java.base/sun.nio.ch=ALL-UNNAMED",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dvertx.disableDnsResolver=true",
            "-cp",
            System.getProperty("java.class.path"),
            OstrakonProcess.class.getName(),
            "id=n1",
            "peers=n1=127.0.0.1:" + ports.get(0),
            "admin=127.0.0.1:" + ports.get(1),
            "data=" + folder.resolve("data")));
    command.addAll(options);
    if (options.stream().noneMatch(option -> option.startsWith("groups="))) {
      command.add("groups=1");
    }
    try {
      Path log = Files.createDirectories(folder).resolve("log.txt");
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      OstrakonProcess started = new OstrakonProcess(process, log, ports.get(0), ports.get(1));
      started.awaitReady();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && !line.equals("ready")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new AssertionError("the node does not start:\n" + log());
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A figure of the node without labels. */
  long metric(String name) {
    for (String line : get("/metrics").body().split("\n", -1)) {
      if (line.startsWith("ostrakon_" + name + " ")) {
        return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    throw new AssertionError("no metric " + name);
  }

  /** The sum of a figure over its labels. */
  long metricSum(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("ostrakon_" + name + "{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** A page of the admin endpoint. */
  HttpResponse<String> get(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(Awaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
