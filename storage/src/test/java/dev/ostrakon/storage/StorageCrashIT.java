package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.raft.RandomSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes under load, again and again, at random moments: the next one finds
 * everything that was acknowledged and nothing torn.
 *
 * <p>{@code -Dostrakon.crash.rounds=N} for more than the 20 rounds of a build, {@code
 * -Dostrakon.crash.seed=S} for others.
 */
class StorageCrashIT {

  private static final int GROUPS = 4;

  @TempDir Path folder;

  private final long[] writes = new long[GROUPS];
  private final long[] checkpoints = new long[GROUPS];

  @Test
  void killed_process_loses_nothing_acknowledged_and_leaves_nothing_torn() throws Exception {
    long seed = Long.getLong("ostrakon.crash.seed", 1L);
    int rounds = Integer.getInteger("ostrakon.crash.rounds", 20);
    RandomSource random = new RandomSource(seed);
    for (int round = 1; round <= rounds; round++) {
      runAndKill(seed, random.nextLong(), random.nextInt(1_500));
    }
    for (int group = 0; group < GROUPS; group++) {
      assertThat(writes[group]).isGreaterThan(10L * rounds);
      assertThat(checkpoints[group]).isGreaterThan(rounds / 2);
    }
  }

  private void runAndKill(long seed, long paceSeed, int acknowledgements) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Process child = start(seed, paceSeed, errors);
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).as(() -> contents(errors)).isEqualTo("READY");
      for (int count = 0; count < acknowledgements; count++) {
        note(out.readLine(), errors);
      }
      // SIGKILL; unlike the process itself its handle leaves the pipe open for what is in it.
      child.toHandle().destroyForcibly();
      String line = out.readLine();
      while (line != null && isWhole(line)) {
        note(line, errors);
        line = out.readLine();
      }
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private Process start(long seed, long paceSeed, Path errors) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(CrashChild.class.getName());
    command.add(folder.resolve("n1").toString());
    command.add(Long.toString(seed));
    command.add(Long.toString(paceSeed));
    for (int group = 0; group < GROUPS; group++) {
      command.add(Long.toString(writes[group]));
      command.add(Long.toString(checkpoints[group]));
    }
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  private void note(String line, Path errors) {
    assertThat(line).as(() -> contents(errors)).isNotNull();
    String[] words = line.split(" ", 3);
    int group = Integer.parseInt(words[1]);
    long number = Long.parseLong(words[2]);
    long[] counts = words[0].equals("W") ? writes : checkpoints;
    counts[group] = Math.max(counts[group], number);
  }

  /** The last line of a killed process may be cut. */
  private static boolean isWhole(String line) {
    return line.matches("[WC] \\d \\d+");
  }

  private static String contents(Path errors) {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
