package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A transaction as texts of the little language, as JSON files hold it. */
record TxnFile(List<String> conditions, List<String> then, List<String> otherwise) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> PARTS = List.of("if", "then", "else");

  TxnFile {
    conditions = List.copyOf(conditions);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
  }

  /** A file is no transaction; its message begins with the place. */
  static final class MalformedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    MalformedException(int line, int column, String problem) {
      super(", line " + line + ", column " + column + ": " + problem + ".");
    }
  }

  /** Reads {@code {"if": [...], "then": [...], "else": [...]}}, of which parts may be missing. */
  static TxnFile parse(String text) throws MalformedException {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      require(json, json.nextToken() == JsonToken.START_OBJECT, "expected {\"then\": [...]}");
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String part = json.currentName();
        require(json, PARTS.contains(part), "expected if, then or else, was " + part);
        require(json, !parts.containsKey(part), part + " stands there twice");
        parts.put(part, strings(json, part));
      }
      require(json, json.nextToken() == null, "expected the end of the text");
    } catch (JsonProcessingException e) {
      throw new MalformedException(
          e.getLocation().getLineNr(), e.getLocation().getColumnNr(), e.getOriginalMessage());
    } catch (IOException e) {
      throw new MalformedException(1, 1, e.toString());
    }
    if (!parts.containsKey("then") && !parts.containsKey("else")) {
      throw new MalformedException(1, 1, "there is neither then nor else");
    }
    return new TxnFile(
        parts.getOrDefault("if", List.of()),
        parts.getOrDefault("then", List.of()),
        parts.getOrDefault("else", List.of()));
  }

  private static List<String> strings(JsonParser json, String part)
      throws IOException, MalformedException {
    List<String> strings = new ArrayList<>();
    require(
        json, json.nextToken() == JsonToken.START_ARRAY, "expected a list of strings in " + part);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(
          json,
          json.currentToken() == JsonToken.VALUE_STRING,
          "expected a string such as \"get alice\" in " + part);
      strings.add(json.getText());
    }
    return strings;
  }

  private static void require(JsonParser json, boolean holds, String problem)
      throws MalformedException {
    if (!holds) {
      throw new MalformedException(
          json.currentTokenLocation().getLineNr(),
          json.currentTokenLocation().getColumnNr(),
          problem);
    }
  }
}
