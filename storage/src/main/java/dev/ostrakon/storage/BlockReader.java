package dev.ostrakon.storage;

import java.util.ArrayList;
import java.util.List;
import jetbrains.exodus.io.Block;
import jetbrains.exodus.io.DataReader;

/** Gives Xodus the blocks of a folder to read. */
final class BlockReader implements DataReader {

  private final BlockFolder folder;

  BlockReader(BlockFolder folder) {
    this.folder = folder;
  }

  @Override
  public String getLocation() {
    return folder.path().toString();
  }

  @Override
  public Iterable<Block> getBlocks() {
    return getBlocks(0);
  }

  @Override
  public Iterable<Block> getBlocks(long fromAddress) {
    List<Block> blocks = new ArrayList<>(folder.blocksFrom(fromAddress));
    return blocks;
  }

  @Override
  public void close() {
    // The folder closes its files itself, after the writer's last sync.
  }
}
