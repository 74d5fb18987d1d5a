package dev.ostrakon.storage;

import jetbrains.exodus.ExodusException;
import jetbrains.exodus.io.Block;
import jetbrains.exodus.io.DataWriter;
import jetbrains.exodus.io.RemoveBlockType;
import org.jspecify.annotations.Nullable;

/**
 * Lets Xodus write to the blocks of a folder.
 *
 * <p>Xodus writes to one block at a time and calls {@code close} between two of them. The node's
 * own lock already keeps other processes out, so locking always succeeds here.
 */
final class BlockWriter implements DataWriter {

  private final BlockFolder folder;

  /** Set by whoever commits; the cleaner looks at it when it deletes another block. */
  private volatile @Nullable BlockFile current;

  BlockWriter(BlockFolder folder) {
    this.folder = folder;
  }

  @Override
  public boolean isOpen() {
    return current != null;
  }

  @Override
  public Block write(byte[] bytes, int offset, int length) {
    BlockFile block = current;
    if (block == null) {
      throw new ExodusException("no block is open for writing");
    }
    folder.append(block, bytes, offset, length);
    return block;
  }

  @Override
  public void sync() {
    BlockFile block = current;
    if (block != null) {
      folder.sync(block);
    }
  }

  @Override
  public void syncDirectory() {
    // A block appears under its name only after the folder was synced: see BlockFile.create.
  }

  @Override
  public void close() {
    sync();
    current = null;
  }

  @Override
  public void clear() {
    throw new ExodusException("refused to clear " + folder.path());
  }

  @Override
  public Block openOrCreateBlock(long address, long length) {
    BlockFile block = folder.openOrCreate(address, length);
    current = block;
    return block;
  }

  @Override
  public void removeBlock(long address, RemoveBlockType type) {
    BlockFile block = current;
    if (block != null && block.getAddress() == address) {
      current = null;
    }
    folder.remove(address);
  }

  @Override
  public void truncateBlock(long address, long length) {
    folder.truncate(address, length);
  }

  @Override
  public boolean lock(long timeoutMillis) {
    return true;
  }

  @Override
  public boolean release() {
    return true;
  }

  @Override
  public String lockInfo() {
    return "";
  }
}
