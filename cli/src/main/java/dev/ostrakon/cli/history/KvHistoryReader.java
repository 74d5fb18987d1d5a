package dev.ostrakon.cli.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.ostrakon.checker.KvAction;
import dev.ostrakon.checker.KvOperation;
import dev.ostrakon.checker.KvOutput;
import dev.ostrakon.checker.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads operations on keys from JSON lines; fields that it does not know are passed over. */
final class KvHistoryReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Stands for JSON's null, which is not the same as no field. */
  private static final Object NULL = new Object();

  private final int line;
  private final Map<String, Object> fields;

  private KvHistoryReader(int line, Map<String, Object> fields) {
    this.line = line;
    this.fields = fields;
  }

  static List<KvOperation> read(BufferedReader lines)
      throws IOException, MalformedHistoryException {
    List<KvOperation> history = new ArrayList<>();
    int number = 0;
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      if (!text.isBlank()) {
        history.add(new KvHistoryReader(number, parse(number, text)).operation());
      }
    }
    return history;
  }

  private static Map<String, Object> parse(int line, String text)
      throws IOException, MalformedHistoryException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedHistoryException(line, "expected one JSON object");
      }
      Map<String, Object> fields = new HashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, scalar(parser));
      }
      if (parser.nextToken() != null) {
        throw new MalformedHistoryException(line, "expected nothing after the JSON object");
      }
      return fields;
    } catch (JsonProcessingException e) {
      throw new MalformedHistoryException(line, "no JSON: " + e.getOriginalMessage());
    }
  }

  private static Object scalar(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> {
        parser.skipChildren();
        yield List.of(); // Of no type that any field may have.
      }
    };
  }

  private KvOperation operation() throws MalformedHistoryException {
    KvAction action = action(required("op", String.class));
    Status status = status(required("status", String.class));
    long call = required("call", Long.class);
    long end = status == Status.UNKNOWN ? KvOperation.NEVER : required("return", Long.class);
    if (end < call) {
      throw malformed("'return' is before 'call'");
    }
    long client = required("client", Long.class);
    if (client != (int) client) {
      throw malformed("'client' is out of range");
    }
    return new KvOperation(
        (int) client,
        required("key", String.class),
        action,
        call,
        end,
        status,
        status == Status.OK ? output(action) : KvOutput.NONE);
  }

  private KvAction action(String op) throws MalformedHistoryException {
    return switch (op) {
      case "get" -> new KvAction.Get();
      case "put" -> new KvAction.Put(required("value", String.class));
      case "append" -> new KvAction.Append(required("value", String.class));
      case "delete" -> new KvAction.Delete();
      case "cas" -> new KvAction.Cas(nullable("expect"), required("value", String.class));
      case "increment" -> new KvAction.Increment(delta());
      default ->
          throw malformed(
              "'op' is one of get, put, append, delete, cas and increment, was '" + op + "'");
    };
  }

  private long delta() throws MalformedHistoryException {
    try {
      return Long.parseLong(required("value", String.class));
    } catch (NumberFormatException e) {
      throw malformed("'value' of an increment is a number in a string");
    }
  }

  private Status status(String name) throws MalformedHistoryException {
    for (Status status : Status.values()) {
      if (status.name().toLowerCase(Locale.ROOT).equals(name)) {
        return status;
      }
    }
    throw malformed("'status' is one of ok, fail and unknown, was '" + name + "'");
  }

  private KvOutput output(KvAction action) throws MalformedHistoryException {
    return switch (action.kind()) {
      case GET -> new KvOutput.Value(nullable("output"));
      case INCREMENT -> new KvOutput.Value(required("output", String.class));
      case CAS -> new KvOutput.Swapped(required("output", Boolean.class));
      case PUT, APPEND, DELETE -> KvOutput.NONE;
    };
  }

  private <T> T required(String name, Class<T> type) throws MalformedHistoryException {
    Object value = fields.get(name);
    if (!type.isInstance(value)) {
      String what = type == Long.class ? "a whole number" : "a " + type.getSimpleName();
      throw malformed(
          "'"
              + name
              + "' "
              + (value == null ? "is missing" : "is not " + what.toLowerCase(Locale.ROOT)));
    }
    return type.cast(Objects.requireNonNull(value));
  }

  private @Nullable String nullable(String name) throws MalformedHistoryException {
    return fields.get(name) == NULL ? null : required(name, String.class);
  }

  private MalformedHistoryException malformed(String problem) {
    return new MalformedHistoryException(line, problem);
  }
}
