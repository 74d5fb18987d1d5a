package dev.ostrakon.cli.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.ostrakon.checker.KvAction;
import dev.ostrakon.checker.KvOperation;
import dev.ostrakon.checker.KvOutput;
import dev.ostrakon.checker.Status;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes operations on keys as JSON lines, each as soon as it has ended. Any thread. */
public final class KvHistoryWriter implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator generator;

  private KvHistoryWriter(Writer writer) throws IOException {
    generator = JSON.createGenerator(writer);
    generator.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
  }

  /** Begins a file; one that exists is replaced. */
  public static KvHistoryWriter open(Path file) throws IOException {
    return new KvHistoryWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
  }

  /** Adds an operation that has ended, or that nobody waits for any more. */
  public synchronized void write(KvOperation operation) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("client", operation.client());
    KvAction action = operation.action();
    generator.writeStringField("op", action.kind().name().toLowerCase(Locale.ROOT));
    generator.writeStringField("key", operation.key());
    writeArguments(action);
    generator.writeNumberField("call", operation.callNanos());
    if (operation.status() != Status.UNKNOWN) {
      generator.writeNumberField("return", operation.returnNanos());
    }
    generator.writeStringField("status", operation.status().name().toLowerCase(Locale.ROOT));
    writeOutput(operation.output());
    generator.writeEndObject();
  }

  private void writeArguments(KvAction action) throws IOException {
    if (action instanceof KvAction.Put put) {
      generator.writeStringField("value", put.value());
    } else if (action instanceof KvAction.Append append) {
      generator.writeStringField("value", append.value());
    } else if (action instanceof KvAction.Cas cas) {
      writeText("expect", cas.expect());
      generator.writeStringField("value", cas.value());
    } else if (action instanceof KvAction.Increment increment) {
      generator.writeStringField("value", Long.toString(increment.delta()));
    }
  }

  private void writeOutput(KvOutput output) throws IOException {
    if (output instanceof KvOutput.Value value) {
      writeText("output", value.text());
    } else if (output instanceof KvOutput.Swapped swapped) {
      generator.writeBooleanField("output", swapped.done());
    }
  }

  private void writeText(String field, @Nullable String text) throws IOException {
    if (text == null) {
      generator.writeNullField(field);
    } else {
      generator.writeStringField(field, text);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    generator.writeRaw('\n');
    generator.close();
  }
}
