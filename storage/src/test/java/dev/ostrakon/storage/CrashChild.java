package dev.ostrakon.storage;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.contract.TestOwner;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that is killed: verifies what it finds, says READY, then writes until its end and
 * prints each acknowledgement as a line at once.
 *
 * <p>Arguments: folder, seed, seed of the pace, then for each group the number of acknowledged
 * writes and of acknowledged checkpoints.
 */
final class CrashChild {

  private CrashChild() {}

  public static void main(String[] arguments) {
    TestOwner owner = new TestOwner();
    NodeStorage storage = TestNode.open(new SystemDisk(), Path.of(arguments[0]));
    long seed = Long.parseLong(arguments[1]);
    RandomSource pace = new RandomSource(Long.parseLong(arguments[2]));
    List<CrashWorkload> groups = new ArrayList<>();
    for (int at = 3; at < arguments.length; at += 2) {
      CrashWorkload group = new CrashWorkload(storage, groups.size(), seed, owner);
      group.verify(Long.parseLong(arguments[at]), Long.parseLong(arguments[at + 1]));
      groups.add(group);
    }
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    print(out, "READY");
    while (true) {
      groups
          .get(pace.nextInt(groups.size()))
          .step(pace, (kind, group, number) -> print(out, kind + " " + group + " " + number));
      owner.runUntil(() -> groups.stream().anyMatch(group -> !group.isBusy()));
    }
  }

  private static void print(FileOutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
