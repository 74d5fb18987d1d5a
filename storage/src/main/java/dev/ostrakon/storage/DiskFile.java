package dev.ostrakon.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Reads may run in parallel with each other and with one writer. */
interface DiskFile extends Closeable {

  /** Writes all remaining bytes at this position, which may be beyond the end. */
  void write(ByteBuffer source, long position) throws IOException;

  /** Reads until the buffer is full or the file ends. */
  void read(ByteBuffer target, long position) throws IOException;

  long size() throws IOException;

  /** Makes the contents durable, and with them the size. */
  void sync() throws IOException;
}
