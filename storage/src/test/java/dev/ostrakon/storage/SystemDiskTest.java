package dev.ostrakon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one place where Ostrakon meets the file system: the JVM itself is asked what it forced. */
class SystemDiskTest {

  @TempDir Path folder;

  private interface Work {
    void run() throws IOException;
  }

  @Test
  void sync_of_a_file_forces_it() throws IOException {
    Path path = folder.resolve("block");
    Disk disk = new SystemDisk();
    try (DiskFile file = disk.create(path)) {
      file.write(ByteBuffer.wrap(new byte[100]), 0);
      assertThat(forcedBy(() -> {})).isEmpty();
      assertThat(forcedBy(file::sync)).containsExactly(path.toString());
    }
  }

  @Test
  void sync_of_a_file_that_was_opened_forces_it() throws IOException {
    Path path = Files.write(folder.resolve("block"), new byte[10]);
    try (DiskFile file = new SystemDisk().open(path)) {
      file.write(ByteBuffer.wrap(new byte[100]), 0);
      assertThat(forcedBy(file::sync)).containsExactly(path.toString());
    }
  }

  @Test
  void sync_of_a_folder_forces_it() throws IOException {
    assertThat(forcedBy(() -> new SystemDisk().syncFolder(folder)))
        .containsExactly(folder.toString());
  }

  /** The paths that the JVM forced meanwhile, in order. */
  private List<String> forcedBy(Work work) throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      work.run();
      recording.stop();
      Path dump = folder.resolve("recording.jfr");
      recording.dump(dump);
      List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
      return events.stream()
          .map(event -> event.getString("path"))
          .filter(path -> path != null && path.startsWith(folder.toString()))
          .toList();
    }
  }
}
