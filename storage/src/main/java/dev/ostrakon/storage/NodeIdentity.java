package dev.ostrakon.storage;

import dev.ostrakon.replica.StorageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Whose disk a data folder is. Written once, when the folder is first used.
 *
 * @param clusterId the cluster; not empty
 * @param nodeId the node in it; not empty
 * @param diskId drawn at random for this folder: a wiped disk that comes back is another one. It is
 *     part of every checksum of the folder's files, so that none of another disk can slip in.
 */
public record NodeIdentity(String clusterId, String nodeId, long diskId) {

  /**
   * The version of everything in the folder; a node refuses a folder with another one. Since 2 the
   * files of states are smaller.
   */
  public static final int FORMAT = 2;

  private static final int MAX_TEXT_BYTES = 1 << 10; // 1 KiB

  public NodeIdentity {
    requireText("cluster id", clusterId);
    requireText("node id", nodeId);
  }

  byte[] encode() {
    byte[] cluster = clusterId.getBytes(StandardCharsets.UTF_8);
    byte[] node = nodeId.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[4 + 8 + 4 + cluster.length + 4 + node.length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).putInt(FORMAT).putLong(diskId);
    buffer.putInt(cluster.length).put(cluster).putInt(node.length).put(node);
    return bytes;
  }

  static NodeIdentity decode(Path path, byte[] stored) {
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    try {
      int format = buffer.getInt();
      if (format > FORMAT) {
        throw Failures.newer(path, format, FORMAT);
      }
      if (format > 0 && format < FORMAT) {
        throw Failures.older(path, format, FORMAT);
      }
      long diskId = buffer.getLong();
      return new NodeIdentity(text(buffer), text(buffer), diskId);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw Failures.corrupt(path, "an identity", String.valueOf(e));
    }
  }

  /** Throws unless the folder belongs to this node of this cluster. */
  void requireOwner(Path path, String expectedCluster, String expectedNode) {
    if (!clusterId.equals(expectedCluster) || !nodeId.equals(expectedNode)) {
      throw new StorageException(
          StorageException.Reason.FOREIGN_DISK,
          path
              + " belongs to another node, expected node "
              + expectedNode
              + " of cluster "
              + expectedCluster
              + ", was node "
              + nodeId
              + " of cluster "
              + clusterId
              + ": start the node with its own folder");
    }
  }

  private static String text(ByteBuffer buffer) {
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void requireText(String name, String text) {
    if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "the " + name + " must have 1 to " + MAX_TEXT_BYTES + " bytes, was '" + text + "'");
    }
  }
}
