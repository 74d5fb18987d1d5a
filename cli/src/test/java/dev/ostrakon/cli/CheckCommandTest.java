package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int check(Path file, String... more) {
    String[] args = new String[2 + more.length];
    args[0] = "check";
    args[1] = file.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private static Path resource(String name) throws URISyntaxException {
    URL url = CheckCommandTest.class.getResource("/histories/" + name);
    return Path.of(Objects.requireNonNull(url, name).toURI());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource({
    "valid-register.jsonl, 8 operations on 3 keys",
    "valid-append.edn, 4 transactions on 2 lists",
    "valid-bank.edn, '2 reads of the bank, 1 transfers, 0 of unknown outcome'",
    "jepsen-bank.edn, '2 reads of the bank, 1 transfers, 0 of unknown outcome'",
    "jepsen-register.edn, 5 operations on 1 keys"
  })
  void a_valid_history_ends_with_0(String name, String summary) throws Exception {
    assertThat(check(resource(name))).isEqualTo(Main.OK);
    assertThat(out.toString()).startsWith("check: VALID").contains(summary);
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "stale-read.jsonl, not-linearizable, no place for: client 1 get k0",
    "write-skew.edn, G2, -- rw: its read of",
    "wrong-sum.edn, wrong-sum, sums are 20 and 21",
    "jepsen-bank-wrong-sum.edn, wrong-sum, sums are 20 and 21",
    "jepsen-independent-stale.edn, not-linearizable, no place for: client 2 get 0"
  })
  void an_invalid_history_ends_with_1_and_names_the_anomaly_and_its_operations(
      String name, String kind, String detail) throws Exception {
    assertThat(check(resource(name))).isEqualTo(Main.FAILED);
    assertThat(out.toString()).startsWith(kind + ": ").contains(detail).contains("check: INVALID");
  }

  @Test
  void json_holds_verdict_and_anomalies() throws Exception {
    assertThat(check(resource("write-skew.edn"), "--json")).isEqualTo(Main.FAILED);
    assertThat(out.toString())
        .contains("\"ok\":false", "\"verdict\":\"invalid\"", "\"kind\":\"append\"")
        .contains("\"anomalies\":[{\"kind\":\"G2\",\"explanation\":", "\"operations\":[\"[[:r ");
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void what_takes_too_long_is_undecided_and_no_success() throws Exception {
    // Concurrent writes of all orders, and at the end a value that none of them can leave.
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append(
          "{\"client\":"
              + i
              + ",\"op\":\"increment\",\"key\":\"k\",\"value\":\""
              + (1L << i)
              + "\",\"call\":1,\"status\":\"unknown\"}\n");
    }
    lines.append(
        "{\"client\":99,\"op\":\"get\",\"key\":\"k\",\"call\":5,\"return\":6,"
            + "\"status\":\"ok\",\"output\":\"-1\"}\n");
    assertThat(check(write("hard.jsonl", lines.toString()), "--seconds", "1"))
        .isEqualTo(Main.FAILED);
    assertThat(out.toString()).contains("UNDECIDED").contains("budget ran out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"client\":0}|'op' is missing",
        "[1]|expected one JSON object",
        "{\"client\":0|no JSON",
        "{\"op\":\"get\",\"status\":\"ok\",\"call\":5,\"return\":4,\"client\":0,\"key\":\"k\","
            + "\"output\":null}|'return' is before 'call'",
        "{\"op\":\"get\",\"status\":\"ok\",\"call\":5,\"return\":6,\"client\":0,\"key\":\"k\"}"
            + "|'output' is missing",
        "{\"op\":\"take\",\"status\":\"ok\"}|'op' is one of get",
        "{\"op\":\"get\",\"status\":\"so\"}|'status' is one of ok, fail and unknown",
        "{\"op\":\"put\",\"value\":7}|'value' is not a string"
      })
  void malformed_json_is_wrong_usage_and_names_the_line(String line, String problem)
      throws IOException {
    assertThat(check(write("bad.jsonl", "\n" + line + "\n"))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("bad.jsonl, line 2: ").contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|expected a map",
        "{:type :ok :process 0 :f :txn :value []}|process 0 has not called anything",
        "{:type :invoke :process 0.5 :f :txn :value []}|:process is a whole number of 32 bits",
        "{:type :invoke :process 99999999999999999999 :f :txn}|whole one of more than 64 bits",
        "{:type :invoke :process 0 :f :txn :value [[:r 1 nil]]|the form has no end",
        "{:type :invoke :process 0 :f :txn :value [[:w 1 2]]}|that write registers ([:w key"
            + " value])",
        "{:type :invoke :process 0 :f :txn :value [[:q 1 2]]}|a step is [:r key list] or",
        "{:type :invoke :process 0 :f :enqueue :value 1}|:f is one of :txn (lists, or reads",
        "{:type :invoke :process 0 :f :cas :value 1}|:cas with [old new]",
        "{:type :invoke :process 0 :f :write :value {:a 1}}|expected :read with nil or the value",
        "{:type :invoke :process 0 :f :txn :value [[:r 1]]}|a step is a vector of three",
        "{:type :invoke :process 0 :f :txn :value 7}|:value of a transaction is a vector",
        "{:type :invoke :process 0 :f :transfer :value [1 2]}|:value of a transfer is"
      })
  void malformed_edn_is_wrong_usage_and_names_the_line(String line, String problem)
      throws IOException {
    assertThat(check(write("bad.edn", ";\n" + line + "\n"))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("bad.edn, line 2: ").contains(problem);
  }

  @Test
  void a_process_must_not_go_on_after_an_unknown_outcome() throws IOException {
    String lines =
        """
        {:type :invoke :process 0 :f :txn :value [[:append 1 1]]}
        {:type :info :process 0 :f :txn :value [[:append 1 1]]}
        {:type :invoke :process 0 :f :txn :value [[:append 1 2]]}
        """;
    assertThat(check(write("reused.edn", lines))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("line 3: process 0 goes on after an unknown outcome");
  }

  @Test
  void a_process_calls_one_thing_at_a_time() throws IOException {
    String lines =
        """
        {:type :invoke :process 0 :f :txn :value [[:append 1 1]]}
        {:type :invoke :process 0 :f :txn :value [[:append 1 2]]}
        """;
    assertThat(check(write("twice.edn", lines))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("line 2: process 0 calls before its last call has ended");
  }

  @Test
  void a_file_that_is_missing_or_of_another_kind_is_wrong_usage() throws IOException {
    assertThat(check(folder.resolve("none.edn"))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("none.edn does not exist");
    assertThat(check(write("history.csv", ""))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("history.csv ends neither in .jsonl, .json nor .edn");
    assertThat(check(Files.createDirectory(folder.resolve("folder.edn")))).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains("folder.edn is a folder");
  }
}
