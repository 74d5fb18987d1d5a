package dev.ostrakon.cli.torture;

import java.io.IOException;

/** What the clients of a torture do and write down. Any thread, but one for each client. */
interface Workload extends AutoCloseable {

  /** Whatever must be there before clients begin; called once, tried again if it gives false. */
  boolean prepare() throws IOException;

  /**
   * Does one operation and writes it down.
   *
   * @param client from 0 on
   */
  void step(int client) throws IOException;

  /**
   * Reads everything, when all is quiet again and clients have ended.
   *
   * @return whether all could be read; if not, it is called again
   */
  boolean readAll(int client) throws IOException;

  /** Ends the history. */
  @Override
  void close() throws IOException;
}
