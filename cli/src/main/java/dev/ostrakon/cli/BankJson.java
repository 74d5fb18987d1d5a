package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ostrakon.examples.bank.BankReport;
import java.io.IOException;

/** The report of a bank's run as JSON. */
final class BankJson {
  private BankJson() {}

  static void writeTo(JsonGenerator json, BankReport report, long seed) throws IOException {
    json.writeBooleanField("ok", report.isOk());
    json.writeNumberField("accounts", report.accounts());
    json.writeNumberField("transfers", report.transfers());
    json.writeNumberField("refused", report.refused());
    json.writeNumberField("mismatches", report.mismatches());
    json.writeNumberField("sum", report.sum());
    json.writeNumberField("seconds", report.seconds());
    json.writeNumberField("tps", report.transfersPerSecond());
    json.writeNumberField("p50_ms", report.p50Millis());
    json.writeNumberField("p99_ms", report.p99Millis());
    if (!Double.isNaN(report.fastPath())) {
      json.writeNumberField("fast_path", report.fastPath());
    }
    json.writeNumberField("seed", seed);
  }
}
