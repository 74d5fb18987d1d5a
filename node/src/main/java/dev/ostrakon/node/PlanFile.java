package dev.ostrakon.node;

import dev.ostrakon.node.peer.ChecksummedFile;
import dev.ostrakon.node.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps, in a node's folder, the plan that its cluster was made by. Blocking. */
final class PlanFile {
  private static final String NAME = "plan";
  private static final String HEADER = "ostrakon-plan 1";

  private PlanFile() {}

  /**
   * Remembers the plan of a folder that has none.
   *
   * @param plan in words, {@code name=value} each
   * @throws SettingsException if the folder was set up by another plan; says in what they differ
   * @throws dev.ostrakon.replica.StorageException if the file cannot be read, trusted or written
   */
  static void requireSame(Path folder, String plan) {
    ChecksummedFile file = new ChecksummedFile(folder.resolve(NAME), HEADER);
    if (!file.exists()) {
      file.write(List.of(plan));
      return;
    }
    String stored = String.join("\n", file.read());
    if (!stored.equals(plan)) {
      throw new SettingsException(
          "the cluster of folder "
              + folder
              + " was set up with "
              + difference(stored, plan)
              + ", was started with "
              + difference(plan, stored)
              + ": this cannot be changed later");
    }
  }

  private static String difference(String one, String other) {
    List<String> only = new ArrayList<>(Arrays.asList(one.split(" ", -1)));
    only.removeAll(Arrays.asList(other.split(" ", -1)));
    return String.join(" ", only);
  }
}
