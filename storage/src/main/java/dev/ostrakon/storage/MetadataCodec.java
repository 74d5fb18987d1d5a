package dev.ostrakon.storage;

import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;

/**
 * What a checkpoint stands for, as stored with it.
 *
 * <pre>
 * 4 CRC32C of group and the rest, 4 version, 8 term, 8 index,
 * then voters, outgoing and learners, each: 4 count, 8 bytes a replica
 * </pre>
 */
final class MetadataCodec {

  private static final int VERSION = 1;

  private MetadataCodec() {}

  static ArrayByteIterable encode(long group, SnapshotMetadata metadata) {
    Membership members = metadata.membership();
    int replicas = members.voters().size() + members.outgoing().size() + members.learners().size();
    byte[] bytes = new byte[4 + 4 + 16 + 3 * 4 + 8 * replicas];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(4);
    buffer.putInt(VERSION);
    buffer.putLong(metadata.lastIncluded().term()).putLong(metadata.lastIncluded().index());
    putReplicas(buffer, members.voters());
    putReplicas(buffer, members.outgoing());
    putReplicas(buffer, members.learners());
    buffer.putInt(0, checksum(group, bytes, bytes.length));
    return new ArrayByteIterable(bytes);
  }

  static SnapshotMetadata decode(Path path, long group, ByteIterable stored) {
    byte[] bytes = stored.getBytesUnsafe();
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, stored.getLength());
    try {
      if (buffer.getInt() != checksum(group, bytes, stored.getLength())) {
        throw Failures.corrupt(path, "the metadata of group " + group, "another checksum");
      }
      int version = buffer.getInt();
      if (version > VERSION) {
        throw Failures.newer(path, version, VERSION);
      }
      EntryId last = new EntryId(buffer.getLong(), buffer.getLong());
      return new SnapshotMetadata(
          last, new Membership(replicas(buffer), replicas(buffer), replicas(buffer)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw Failures.corrupt(path, "the metadata of a checkpoint", String.valueOf(e));
    }
  }

  private static void putReplicas(ByteBuffer buffer, SortedSet<ReplicaId> replicas) {
    buffer.putInt(replicas.size());
    replicas.forEach(replica -> buffer.putLong(replica.value()));
  }

  private static SortedSet<ReplicaId> replicas(ByteBuffer buffer) {
    TreeSet<ReplicaId> replicas = new TreeSet<>();
    int count = buffer.getInt();
    for (int i = 0; i < count; i++) {
      replicas.add(new ReplicaId(buffer.getLong()));
    }
    return replicas;
  }

  private static int checksum(long group, byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(0, group));
    crc.update(bytes, 4, Math.max(length - 4, 0));
    return (int) crc.getValue();
  }
}
