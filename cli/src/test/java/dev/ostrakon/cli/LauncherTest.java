package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first build of {@code bin/ostrakon}, with a Maven that only pretends. */
@Tag("ci")
final class LauncherTest {
  @TempDir private Path root;

  private Path launcher;
  private Path maven;

  @BeforeEach
  void copy() throws IOException {
    launcher = Files.createDirectory(root.resolve("bin")).resolve("ostrakon");
    Files.copy(original(), launcher);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    maven = root.resolve("mvn");
  }

  private static Path original() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("bin/ostrakon"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no bin/ostrakon above");
    }
    return folder.resolve("bin/ostrakon");
  }

  private CommandProcess run(String script) throws IOException {
    Files.writeString(maven, "#!/usr/bin/env bash\n" + script);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--version");
    builder
        .environment()
        .putAll(
            Map.of(
                "OSTRAKON_MAVEN", maven.toString(), "JAVA_HOME", System.getProperty("java.home")));
    return CommandProcess.start(root, builder);
  }

  @Test
  void a_build_shows_how_far_it_is_and_a_failure_its_errors() throws Exception {
    try (CommandProcess build =
        run(
            """
            echo '[INFO] Building Ostrakon node 0.1.0-SNAPSHOT          [9/14]'
            for i in $(seq 600); do [ -f "$(dirname "$0")/end" ] && break; sleep 0.1; done
            echo '[ERROR] broken'
            exit 1
            """)) {
      build.awaitErr("ostrakon: building, once; the log is ");
      build.awaitErr(" s (Ostrakon node, 9 of 14)");
      Files.createFile(root.resolve("end"));

      assertThat(build.exitCode()).isEqualTo(Main.FAILED);
      assertThat(build.err()).contains("[ERROR] broken", "the build failed; the log is ");
    }
  }

  @Test
  void a_build_ends_with_its_launcher() throws Exception {
    try (CommandProcess build = run("echo $$ > \"$(dirname \"$0\")/pid\"\nexec sleep 600\n")) {
      build.awaitErr("ostrakon: building, once");
      Path written = root.resolve("pid");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.exists(written) && Files.size(written) > 1);
      long pid = Long.parseLong(Files.readString(written).strip());
      build.terminate();

      assertThat(build.exitCode()).isEqualTo(Main.INTERRUPTED);
      assertThat(build.err()).contains("the build was interrupted");
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }
}
