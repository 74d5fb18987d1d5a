package dev.ostrakon.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * A stream of the process. Keys and values are UTF-8 on the command line, so output is too,
 * whatever the locale; values can be any bytes, so these can be written as they are.
 */
final class RawWriter extends PrintWriter {
  private final OutputStream stream;

  RawWriter(OutputStream stream) {
    super(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    this.stream = stream;
  }

  /** Writes bytes and the end of a line. */
  void printlnBytes(byte[] bytes) {
    flush();
    try {
      stream.write(bytes);
      stream.flush();
    } catch (IOException e) {
      setError();
    }
    println();
  }
}
