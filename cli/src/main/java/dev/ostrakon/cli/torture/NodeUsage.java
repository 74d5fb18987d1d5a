package dev.ostrakon.cli.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one node's processes take of the machine, over all its lives: at first, at most, and last.
 * One thread.
 */
final class NodeUsage {
  private static final String RESIDENT = "VmRSS:";

  /** One look at a process. */
  record Sample(long residentKib, long descriptors) {
    /** Looks at a process; empty if it has ended, or where there is no /proc. */
    static Optional<Sample> of(long pid) {
      Path folder = Path.of("/proc", Long.toString(pid));
      try (Stream<Path> open = Files.list(folder.resolve("fd"))) {
        List<String> lines = Files.readAllLines(folder.resolve("status"));
        return lines.stream()
            .filter(line -> line.startsWith(RESIDENT))
            .map(line -> line.substring(RESIDENT.length()).strip().split(" ", 2)[0])
            .findFirst()
            .map(kib -> new Sample(Long.parseLong(kib), open.count()));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    private Sample max(Sample other) {
      return new Sample(
          Math.max(residentKib, other.residentKib), Math.max(descriptors, other.descriptors));
    }
  }

  private final String name;
  private Optional<Sample> first = Optional.empty();
  private Sample most = new Sample(0, 0);
  private Sample last = most;

  NodeUsage(String name) {
    this.name = name;
  }

  void add(Sample sample) {
    if (first.isEmpty()) {
      first = Optional.of(sample);
    }
    most = most.max(sample);
    last = sample;
  }

  /**
   * One line for people and scripts; empty if nothing is known.
   *
   * @param starts how often the node was started
   */
  Optional<String> describe(int starts) {
    return first.map(
        sample ->
            String.format(
                Locale.ROOT,
                "%s: start/max/end memory_mib=%d/%d/%d descriptors=%d/%d/%d starts=%d",
                name,
                sample.residentKib >> 10,
                most.residentKib >> 10,
                last.residentKib >> 10,
                sample.descriptors,
                most.descriptors,
                last.descriptors,
                starts));
  }
}
