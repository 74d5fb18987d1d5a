package dev.ostrakon.cli.history;

import dev.ostrakon.checker.Span;
import dev.ostrakon.checker.Status;
import dev.ostrakon.cli.history.EdnReader.Word;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pairs the lines of an EDN history: each operation is a call and, perhaps, its end. */
final class EdnEvents {
  /**
   * One operation, in the words of the file.
   *
   * @param line of the call
   * @param value of the end if the operation is ok, else of the call
   */
  record Event(int line, Span span, Status status, String f, @Nullable Object value) {}

  private record Call(int line, int process, String f, @Nullable Object value) {}

  private static final Word INVOKE = new Word(":invoke");

  private final Map<Integer, Call> open = new LinkedHashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private final List<Event> events = new ArrayList<>();

  private EdnEvents() {}

  static List<Event> read(BufferedReader lines) throws IOException, MalformedHistoryException {
    EdnEvents events = new EdnEvents();
    int number = 0;
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      if (!EdnReader.isBlank(text)) {
        events.onLine(number, text);
      }
    }
    events.open.values().forEach(call -> events.end(call, Span.NEVER, Status.UNKNOWN, call.value));
    return events.events;
  }

  private void onLine(int line, String text) throws MalformedHistoryException {
    if (!(EdnReader.read(line, text) instanceof Map<?, ?> entry)) {
      throw new MalformedHistoryException(line, "expected a map");
    }
    Object process = entry.get(new Word(":process"));
    if (process instanceof Word) {
      return; // What a test did to the cluster, for example :nemesis.
    }
    if (!(process instanceof Long number) || number != number.intValue()) {
      throw new MalformedHistoryException(
          line, ":process is a whole number of 32 bits, was " + process);
    }
    if (INVOKE.equals(entry.get(new Word(":type")))) {
      onCall(line, number.intValue(), entry);
    } else {
      onEnd(line, number.intValue(), entry);
    }
  }

  private void onCall(int line, int process, Map<?, ?> entry) throws MalformedHistoryException {
    if (ended.contains(process)) {
      throw new MalformedHistoryException(
          line, "process " + process + " goes on after an unknown outcome");
    }
    if (!(entry.get(new Word(":f")) instanceof Word f)) {
      throw new MalformedHistoryException(line, ":f is a keyword");
    }
    Call call = new Call(line, process, f.name(), entry.get(new Word(":value")));
    if (open.put(process, call) != null) {
      throw new MalformedHistoryException(
          line, "process " + process + " calls before its last call has ended");
    }
  }

  private void onEnd(int line, int process, Map<?, ?> entry) throws MalformedHistoryException {
    Call call = open.remove(process);
    if (call == null) {
      throw new MalformedHistoryException(line, "process " + process + " has not called anything");
    }
    Object value = entry.get(new Word(":value"));
    String type = String.valueOf(entry.get(new Word(":type")));
    switch (type) {
      case ":ok" -> end(call, line, Status.OK, value);
      case ":fail" -> end(call, line, Status.FAIL, call.value);
      case ":info" -> {
        ended.add(process);
        end(call, Span.NEVER, Status.UNKNOWN, call.value);
      }
      default ->
          throw new MalformedHistoryException(
              line, ":type is one of :invoke, :ok, :fail and :info, was " + type);
    }
  }

  private void end(Call call, long returned, Status status, @Nullable Object value) {
    Span span = new Span(call.process, call.line, returned);
    events.add(new Event(call.line, span, status, call.f, value));
  }
}
