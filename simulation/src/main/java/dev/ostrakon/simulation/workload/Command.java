package dev.ostrakon.simulation.workload;

import dev.ostrakon.raft.Bytes;
import java.nio.ByteBuffer;

/**
 * A command of {@link RegisterMachine}.
 *
 * @param kind what it does to its register
 * @param register which one, in [0, 127]
 * @param id unique in the run
 * @param paddingBytes how much it is larger than it need be
 */
record Command(Kind kind, int register, long id, int paddingBytes) {

  private static final int HEAD_BYTES = 1 + 1 + 8;

  /** What a command does to its register. */
  enum Kind {
    /** Adds its id to the list. */
    APPEND('a'),
    /** Makes its id the only one. */
    PUT('p'),
    /** Empties the list. */
    DELETE('d');

    private final char code;

    Kind(char code) {
      this.code = code;
    }

    private static Kind fromCode(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("kind of command expected, was " + code);
    }
  }

  Bytes encode() {
    ByteBuffer buffer = ByteBuffer.allocate(HEAD_BYTES + paddingBytes);
    buffer.put((byte) kind.code).put((byte) register).putLong(id);
    return Bytes.wrap(buffer.array());
  }

  static Command decode(Bytes bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.sharedArray());
    return new Command(
        Kind.fromCode(buffer.get()), buffer.get(), buffer.getLong(), bytes.size() - HEAD_BYTES);
  }
}
