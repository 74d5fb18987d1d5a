package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.raft.Bytes;

/** Writes a {@link CommandBatch} command by command, so that its size is known on the way. */
public final class BatchWriter {
  private static final int HEADER_BYTES_MAX = 1 + Long.BYTES + ByteReader.VARINT_BYTES_MAX;

  private final ByteWriter commands = new ByteWriter();
  private final ModelEncoder model = new ModelEncoder(commands);
  private int count;

  /** Size of the commands so far. */
  public int size() {
    return commands.size();
  }

  /** Appends a command. */
  public void add(Command command) {
    commands.u8(command.kind().code());
    CommandCodec.encode(command, commands, model);
    count++;
  }

  /** The whole batch. */
  public Bytes toBytes(HybridTimestamp timestamp) {
    ByteWriter whole = new ByteWriter(HEADER_BYTES_MAX + commands.size());
    whole.u8(CommandCodec.VERSION).timestamp(timestamp).varint(count).append(commands);
    return whole.toBytes();
  }
}
