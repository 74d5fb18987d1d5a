package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ostrakon.client.CallReport;
import dev.ostrakon.client.CommitUnknownException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failure as one JSON object, for commands that were asked for JSON. */
final class ErrorJson {
  private ErrorJson() {}

  static String of(int exitCode, String message, @Nullable Throwable failure) {
    return JsonLine.of(json -> writeTo(json, exitCode, message, failure));
  }

  private static void writeTo(
      JsonGenerator json, int exitCode, String message, @Nullable Throwable failure)
      throws IOException {
    boolean unknown = failure != null && failure.getCause() instanceof CommitUnknownException;
    json.writeStringField("error", unknown ? "outcome_unknown" : name(exitCode));
    json.writeNumberField("exit_code", exitCode);
    json.writeStringField("message", message);
    if (failure == null) {
      return;
    }
    if (failure.getCause() instanceof CommitUnknownException lost) {
      json.writeStringField("request_id", lost.requestId().toString());
    }
    Optional<CallReport> report =
        failure instanceof CommandFailedException told ? told.report() : Optional.empty();
    if (report.isPresent()) {
      writeTo(json, report.get());
    }
  }

  private static void writeTo(JsonGenerator json, CallReport report) throws IOException {
    if (report.group().isPresent()) {
      json.writeNumberField("group", report.group().getAsLong());
    }
    json.writeArrayFieldStart("asked");
    for (CallReport.Asked asked : report.asked()) {
      json.writeStartObject();
      json.writeStringField("node", asked.node());
      json.writeStringField("said", asked.said());
      json.writeNumberField("times", asked.times());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("seconds", report.elapsedMillis() / 1e3);
  }

  private static String name(int exitCode) {
    return switch (exitCode) {
      case Main.USAGE -> "usage";
      case Main.ABSENT -> "absent";
      case Main.REFUSED -> "refused";
      case Main.UNREACHABLE -> "unreachable";
      case Main.INTERRUPTED -> "interrupted";
      default -> "failed";
    };
  }
}
