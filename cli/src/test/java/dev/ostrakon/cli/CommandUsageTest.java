package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What every command says to wrong arguments, and in its help. */
final class CommandUsageTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private int runWords(String line) {
    return run(
        Arrays.stream(line.split(" ")).map(word -> word.replace('_', ' ')).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "node",
        "kv",
        "kv get",
        "kv put",
        "kv append",
        "kv delete",
        "kv cas",
        "kv increment",
        "kv scan",
        "txn",
        "shards",
        "shards query",
        "shards join",
        "shards leave",
        "shards move",
        "shards rebalance",
        "status",
        "bench",
        "torture",
        "check",
        "simulate"
      })
  void help_has_a_usage_and_examples(String command) {
    assertThat(runWords(command + " --help")).isEqualTo(Main.OK);
    assertThat(out.toString()).contains("ostrakon " + command, "Examples:", "--verbose");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kv|A command is missing: get, put",
        "kv get|KEY",
        "kv get a --cluster nonsense|--cluster expects HOST:PORT",
        "kv get a --cluster h:1,h|--cluster expects HOST:PORT",
        "kv get a --cluster h:1 --timeout-millis 0|--timeout-millis must be at least 1",
        "kv put a|VALUE",
        "kv put a b c|Unmatched",
        "kv put a --frobnicate|Missing required parameter: 'VALUE'; there is no option '--frob",
        "kv put a b --jsno|There is no option '--jsno'; did you mean '--json'?",
        "kv delete|Expected either KEY or --prefix TEXT",
        "kv delete a --prefix b|Expected either KEY or --prefix TEXT",
        "kv delete --prefix= --cluster h:1|--prefix has at least one character",
        "kv get a --cluster h:99999|--cluster expects HOST:PORT",
        "dmeo|There is no command 'dmeo'; did you mean 'demo'?",
        "kv gte a|There is no command 'gte'; did you mean 'get'?",
        "put a b|There is no command 'put'; did you mean 'kv put'?",
        "scna --prefix a|There is no command 'scna'; did you mean 'kv scan'?",
        "shards rebalnce|did you mean 'rebalance'?",
        "bench --wrokload put --cluster h:1|there is no option '--wrokload'; did you mean '--work",
        "frobnicate|There is no command 'frobnicate'.",
        "kv increment a --by x|--by",
        "kv cas|Expected KEY EXPECTED VALUE",
        "kv cas a b|Expected KEY EXPECTED VALUE",
        "kv cas a b c --missing|Expected KEY VALUE",
        "kv cas a b --missing --at 1.2|exclude each other",
        "kv cas a b --at x --cluster h:1|--at expects such as 1700000000000.3, was 'x'",
        "kv scan --prefix a --from b|--prefix excludes --from and --to",
        "kv scan --limit -1|--limit must not be negative",
        "txn|Nothing to do",
        "txn --if exists_a|Nothing to do",
        "txn --then get|--then 'get', column 4: expected get K, the text ends too early",
        "txn --if a_>=_x --then get_a|--if 'a >= x', column 6: expected a whole number",
        "txn --then get_a --else steal_a|--else 'steal a', column 1: expected an operation",
        "txn file.json --then get_a|FILE excludes --if, --then and --else",
        "shards|A command is missing: query, join",
        "shards query --number -1|--number must not be negative",
        "shards join 4|Expected GROUP=NODE,NODE..., was '4'",
        "shards join x=n1|A group is a number from 1, was 'x'",
        "shards join 0=n1|is the controller",
        "shards join 4=n1 4=n2|named twice",
        "shards leave x|A group is a number from 1",
        "shards move x 1|SLOT",
        "shards move -- -1 1|A slot is a number from 0",
        "status extra|Unmatched",
        "demo --nodes 0|--nodes must be in [1, 9]",
        "demo --groups 0|--groups must be in [1, 64]",
        "demo --clients 0|--clients must be in [1, 4096]",
        "demo --seconds 0|--seconds must be at least 1",
        "demo --accounts 1|--accounts must be in [2,",
        "demo --accounts 100000|reads all of them in one transaction",
        "demo --chaos --nodes 1|--chaos needs --nodes 3 or more",
        "demo --chaos --cluster h:1|--chaos is for nodes of its own",
        "demo --data d --cluster h:1|--data is for nodes of its own",
        "demo --seed x|is not a seed",
        "bench --cluster h:1|--workload",
        "bench --cluster h:1 --workload steal|steal",
        "bench --cluster h:1 --workload put --inflight 0|--inflight must be in [1, 65536]",
        "bench --cluster h:1 --workload put --clients 65|--clients must be in [1, 64]",
        "bench --cluster h:1 --workload put --zipf 1|--zipf must be in [0, 1)",
        "bench --cluster h:1 --workload txn --groups-per-txn 0|--groups-per-txn must be in [1, 64]",
        "bench --cluster h:1 --workload transfer --groups-per-txn 3|1 or 2 for transfers",
        "node --id n1|peers is missing",
        "node --id n9 --data d --peers n1=h:1|id is one of peers",
        "node --id n1 --data d --peers n1|peers: expected node=host:port, was 'n1'",
        "node --id n1 --data d --peers n1=h:1 --groups x|groups is a whole number, was 'x'",
        "node --config nowhere.yaml|there is no file nowhere.yaml",
        "simulate --kind x|expected raft or store, was 'x'",
        "simulate --kind store --mutant COMMIT_BEYOND_MATCH|is none of store: DUPLICATE",
        "simulate --mutant SINGLE_READING|is none of raft: VOTE_FOR",
        "simulate --seeds 0|--seeds must be at least 1"
      })
  void wrong_usage_is_one_sentence_and_exits_with_2(String arguments, String problem) {
    assertThat(runWords(arguments)).isEqualTo(Main.USAGE);
    assertThat(err.toString()).startsWith("ostrakon: ").contains(problem).contains("--help");
    assertThat(err.toString()).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void wrong_usage_under_json_is_one_object() {
    assertThat(runWords("kv get --json")).isEqualTo(Main.USAGE);
    assertThat(err.toString().strip())
        .startsWith("{\"error\":\"usage\",\"exit_code\":2,\"message\":\"Missing required")
        .hasLineCount(1);
  }

  @Test
  void examples_are_not_wrapped_and_fit_80_columns() {
    List<CommandLine> open = new ArrayList<>(List.of(Main.commandLine()));
    int seen = 0;
    while (!open.isEmpty()) {
      CommandLine command = open.remove(0);
      open.addAll(command.getSubcommands().values());
      HelpLayout.apply(command, 60);
      String help = command.getUsageMessage();
      for (String line : command.getCommandSpec().usageMessage().footer()) {
        assertThat(line).hasSizeLessThan(80);
        assertThat(help.lines()).contains(line);
        seen++;
      }
    }
    assertThat(seen).isGreaterThan(40);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nothing|, line 1, column 1: Unrecognized token",
        "[]|, line 1, column 1: expected {\"then\": [...]}",
        "{\"if\": []}|there is neither then nor else",
        "{\"then\": 5}|line 1, column 10: expected a list of strings in then",
        "{\"then\": [5]}|line 1, column 11: expected a string such as",
        "{\"than\": []}|expected if, then or else, was than",
        "{\"then\": [], \"then\": []}|then stands there twice",
        "{\"then\": []} x|line 1, column 14",
        "{\"then\": [\"get\"]}|then 'get', column 4: expected get K"
      })
  void a_file_that_is_no_transaction_is_told_with_its_place(
      String text, String problem, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("txn.json"), text);

    assertThat(run("txn", file.toString(), "--cluster", "h:1")).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "wrong,columns|line 1: expected the columns",
        "id,date,account,counterparty,amount,balance|has no rows",
        "id,date,account,counterparty,amount,balance/1,d,a,b,5|line 2: expected 6 columns, were 5",
        "id,date,account,counterparty,amount,balance/1,d,a,a,5,5|line 2: expected two different",
        "id,date,account,counterparty,amount,balance/1,d,a,b,5.5,5|line 2: amount is a whole number"
      })
  void a_file_that_is_no_ledger_is_told_with_its_place(
      String text, String problem, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("ledger.csv"), text.replace('/', '\n'));

    assertThat(run("demo", "--ledger", file.toString())).isEqualTo(Main.USAGE);
    assertThat(err.toString()).contains(problem);
  }

  @Test
  void a_ledger_that_is_not_there_is_wrong_usage_of_one_line() {
    assertThat(run("demo", "--ledger", "nowhere.csv")).isEqualTo(Main.USAGE);
    assertThat(err.toString().lines()).containsExactly("ostrakon: There is no file nowhere.csv.");
  }
}
