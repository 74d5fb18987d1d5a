package dev.ostrakon.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePeerDisksTest {

  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void the_first_disk_of_a_node_is_remembered_over_restarts() throws Exception {
    FilePeerDisks disks = open();
    assertThat(await(disks.isDiskOf(N1, "a"))).isTrue();
    assertThat(await(disks.isDiskOf(N2, "b"))).isTrue();
    assertThat(await(disks.isDiskOf(N1, "c"))).isFalse();
    FilePeerDisks reopened = open();
    assertThat(await(reopened.isDiskOf(N1, "c"))).isFalse();
    assertThat(await(reopened.isDiskOf(N1, "a"))).isTrue();
    assertThat(await(reopened.isDiskOf(N2, "b"))).isTrue();
  }

  @Test
  void that_all_have_welcomed_this_node_is_remembered_over_restarts() throws Exception {
    FilePeerDisks disks = open();
    assertThat(await(disks.isDiskOf(N1, "a"))).isTrue();
    assertThat(open().isWelcomedByAll()).isFalse();
    await(disks.setWelcomedByAll());
    assertThat(disks.isWelcomedByAll()).isTrue();
    assertThat(await(disks.isDiskOf(N2, "b"))).isTrue();
    FilePeerDisks reopened = open();
    assertThat(reopened.isWelcomedByAll()).isTrue();
    assertThat(await(reopened.isDiskOf(N1, "c"))).isFalse();
    assertThat(await(reopened.isDiskOf(N2, "b"))).isTrue();
  }

  @Test
  void of_two_disks_that_come_at_once_only_one_is_believed() throws Exception {
    FilePeerDisks disks = open();
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(disks.isDiskOf(N1, "disk" + i));
    }
    int believed = 0;
    for (Future<Boolean> answer : answers) {
      believed += await(answer) ? 1 : 0;
    }
    assertThat(believed).isEqualTo(1);
  }

  @Test
  void a_damaged_file_is_refused() throws Exception {
    assertThat(await(open().isDiskOf(N1, "a"))).isTrue();
    byte[] bytes = Files.readAllBytes(file());
    for (int i = 0; i < bytes.length - 1; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 1;
      Files.write(file(), damaged);
      assertRefused(StorageException.Reason.CORRUPT);
    }
    Files.write(file(), new byte[0]);
    assertRefused(StorageException.Reason.CORRUPT);
  }

  @Test
  void a_file_of_a_newer_format_is_refused() throws IOException {
    // The checksum is that of the first line.
    Files.writeString(file(), "ostrakon-peer-disks 2\ncrc32c " + NEWER_CHECKSUM + "\n");
    assertRefused(StorageException.Reason.NEWER_FORMAT);
  }

  @Test
  void a_folder_that_cannot_be_written_fails_the_question() {
    FilePeerDisks disks = FilePeerDisks.open(vertx, folder.resolve("missing").resolve("peers"));
    assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
        .isThrownBy(() -> await(disks.isDiskOf(N1, "a")))
        .withCauseInstanceOf(StorageException.class);
  }

  private static final String NEWER_CHECKSUM = newerChecksum();

  private static String newerChecksum() {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update("ostrakon-peer-disks 2".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  private void assertRefused(StorageException.Reason reason) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::open)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private FilePeerDisks open() {
    return FilePeerDisks.open(vertx, file());
  }

  private Path file() {
    return folder.resolve("peers");
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
