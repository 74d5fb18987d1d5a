package dev.ostrakon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.embedded.EmbeddedCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to a cluster, on one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterCommandsTest {
  private static final String VERSION = "\\d{13}\\.\\d+";

  private EmbeddedCluster cluster;
  private String addresses;

  @BeforeAll
  void start() {
    cluster = EmbeddedCluster.start();
    addresses = String.join(",", cluster.addresses());
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome run(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(words.indexOf("--") < 0 ? words.size() : words.indexOf("--"), cluster());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            words.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Outcome(code, out.toString().strip(), err.toString().strip());
  }

  private List<String> cluster() {
    return List.of("--cluster", addresses, "--timeout-millis", "30000");
  }

  private String ok(String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(Main.OK);
    return outcome.out();
  }

  @Test
  void values_are_put_appended_read_and_deleted() {
    assertThat(ok("kv", "put", "greeting", "grüß")).matches(VERSION);
    assertThat(ok("kv", "append", "--", "greeting", "-dich")).matches(VERSION);
    assertThat(ok("kv", "get", "greeting")).isEqualTo("grüß-dich");
    assertThat(ok("kv", "get", "greeting", "--json"))
        .startsWith("{\"key\":\"greeting\",\"value\":\"grüß-dich\",\"version\":\"");
    assertThat(ok("kv", "delete", "greeting")).matches(VERSION);

    Outcome missing = run("kv", "get", "greeting");
    assertThat(missing).isEqualTo(new Outcome(Main.ABSENT, "", "ostrakon: not found"));
  }

  @Test
  void a_value_is_set_only_if_the_present_one_is_as_expected() {
    assertThat(ok("kv", "cas", "lock", "me", "--missing")).isEmpty();
    assertThat(run("kv", "cas", "lock", "you", "--missing").code()).isEqualTo(Main.ABSENT);
    assertThat(run("kv", "cas", "lock", "you", "other").err()).contains("not the expected one");
    assertThat(ok("kv", "cas", "lock", "me", "you", "--json"))
        .isEqualTo("{\"key\":\"lock\",\"done\":true}");
    String version = ok("kv", "put", "lock", "them");
    ok("kv", "cas", "lock", "us", "--at", version);
    assertThat(ok("kv", "get", "lock")).isEqualTo("us");
  }

  @Test
  void numbers_are_added_to() {
    assertThat(ok("kv", "increment", "visits")).isEqualTo("1");
    assertThat(ok("kv", "increment", "visits", "--by", "-3")).isEqualTo("-2");
    assertThat(ok("kv", "increment", "visits", "--json"))
        .isEqualTo("{\"key\":\"visits\",\"value\":-1}");

    ok("kv", "put", "name", "ada");
    Outcome refused = run("kv", "increment", "name");
    assertThat(refused.code()).isEqualTo(Main.REFUSED);
    assertThat(refused.err()).startsWith("ostrakon: NOT_A_NUMBER").hasLineCount(1);
  }

  @Test
  void a_scan_prints_keys_in_order_and_says_if_there_are_more() {
    for (String key : List.of("scan/c", "scan/a", "scan/b", "scam")) {
      ok("kv", "put", key, "of " + key);
    }
    assertThat(ok("kv", "scan", "--prefix", "scan/").lines())
        .containsExactly("scan/a\tof scan/a", "scan/b\tof scan/b", "scan/c\tof scan/c");

    Outcome part = run("kv", "scan", "--from", "scan/b", "--to", "scan/d", "--limit", "1");
    assertThat(part.out()).isEqualTo("scan/b\tof scan/b");
    assertThat(part.err()).contains("there are more keys");
  }

  @Test
  void a_scan_escapes_what_a_terminal_would_act_upon() {
    ok("kv", "put", "--", "raw/\u001b[31m", "a\tb\nc\\\u202e");
    assertThat(ok("kv", "scan", "--prefix", "raw/"))
        .isEqualTo("raw/\\u001b[31m\ta\\tb\\nc\\\\\\u202e");
  }

  @Test
  void keys_that_begin_alike_are_deleted_together() {
    for (int i = 0; i < 250; i++) {
      ok("kv", "put", "heap/" + i, "x");
    }
    ok("kv", "put", "heaq", "stays");
    assertThat(ok("kv", "delete", "--prefix", "heap/")).isEqualTo("deleted 250 keys");
    assertThat(ok("kv", "scan", "--prefix", "hea")).isEqualTo("heaq\tstays");
    assertThat(ok("kv", "delete", "--prefix", "heap/", "--json"))
        .isEqualTo("{\"prefix\":\"heap/\",\"deleted\":0}");
  }

  @Test
  void a_transaction_takes_one_branch(@TempDir Path folder) throws Exception {
    ok("txn", "--then", "put alice 150", "--then", "put 'b o b' 0");
    String[] transfer = {
      "txn",
      "--if",
      "alice >= 100",
      "--then",
      "add alice -100",
      "--then",
      "add 'b o b' 100",
      "--then",
      "get 'b o b'",
      "--else",
      "get alice",
      "--else",
      "get nobody"
    };
    List<String> done = ok(transfer).lines().toList();
    assertThat(done).hasSize(3).contains("\"b o b\" = 100");

    Outcome other = run(transfer);
    assertThat(other.code()).isEqualTo(Main.ABSENT);
    assertThat(other.out().lines()).contains("alice = 50", "nobody is missing");

    String version = done.get(2).strip();
    assertThat(version).startsWith("version \"b o b\" == ");
    assertThat(ok("txn", "--if", version, "--then", "put found 1")).startsWith("then at ");

    Path file =
        Files.writeString(
            folder.resolve("t.json"), "{\"if\": [\"missing alice\"], \"else\": [\"get alice\"]}");
    assertThat(run("txn", file.toString(), "--json").out())
        .startsWith("{\"branch\":\"else\",\"timestamp\":\"")
        .contains("\"results\":[{\"op\":\"get\",\"key\":\"alice\",\"value\":\"50\",\"version\":\"");
  }

  @Test
  void the_configuration_is_shown() {
    assertThat(ok("shards", "query").lines())
        .anyMatch(line -> line.matches("configuration \\d+: 256 slots, 3 groups"))
        .anyMatch(line -> line.startsWith("group 1: ") && line.contains("n1="));
    assertThat(ok("shards", "query", "--json")).startsWith("{\"number\":").contains("\"groups\":{");
  }

  @Test
  void a_change_that_the_controller_refuses_is_a_failure_of_one_line() {
    Outcome refused = run("shards", "leave", "77");
    assertThat(refused.code()).isEqualTo(Main.REFUSED);
    assertThat(refused.err()).startsWith("ostrakon: ").contains("77").hasLineCount(1);
  }

  @Test
  void the_status_shows_all_nodes_and_replicas() {
    assertThat(ok("status").lines().findFirst()).contains("HEALTHY");
    assertThat(ok("status").lines())
        .anyMatch(line -> line.contains("3 of 3 nodes answered"))
        .anyMatch(line -> line.startsWith("n3 "))
        .anyMatch(line -> line.contains(" leader "));
    assertThat(ok("status", "--json").lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("{") && line.contains("\"replicas\":["));
  }

  @Test
  void a_cluster_that_is_not_there_is_a_failure_of_one_line() {
    StringWriter err = new StringWriter();
    String[] words = {"kv", "get", "a", "--cluster", "127.0.0.1:1", "--timeout-millis", "300"};
    int code = Main.run(words, new PrintWriter(err, true), new PrintWriter(err, true));

    assertThat(code).isEqualTo(Main.UNREACHABLE);
    assertThat(err.toString()).startsWith("ostrakon: ").contains("127.0.0.1:1").hasLineCount(1);
  }

  @Test
  void an_error_under_json_is_one_object_with_the_nodes_and_what_they_said() {
    StringWriter err = new StringWriter();
    String[] words = {
      "kv", "get", "a", "--cluster", "127.0.0.1:1", "--timeout-millis", "300", "--json"
    };
    int code = Main.run(words, new PrintWriter(err, true), new PrintWriter(err, true));

    assertThat(code).isEqualTo(Main.UNREACHABLE);
    assertThat(err.toString().strip())
        .startsWith("{\"error\":\"unreachable\",\"exit_code\":5,\"message\":\"")
        .contains("\"asked\":[{\"node\":\"127.0.0.1:1\",\"said\":\"", "\"seconds\":0.")
        .endsWith("}")
        .hasLineCount(1);
  }

  @Test
  void an_error_of_a_group_names_it_and_the_node_that_refused() {
    Outcome refused = run("kv", "put", "k".repeat(2_000), "v");
    assertThat(refused.code()).isEqualTo(Main.REFUSED);
    assertThat(refused.err()).contains("LIMIT_EXCEEDED", "group ", "127.0.0.1:", " s");

    Outcome told = run("kv", "put", "k".repeat(2_000), "v", "--json");
    assertThat(told.err()).contains("\"error\":\"refused\"", "\"group\":", "\"asked\":[{");
  }

  @Test
  void what_shards_cannot_do_yet_is_told_and_refused() {
    for (String command : List.of("join 4=n1,n2,n3", "leave 3", "move 17 3")) {
      Outcome refused = run(("shards " + command).split(" "));
      assertThat(refused.code()).as(command).isEqualTo(Main.REFUSED);
      assertThat(refused.err()).startsWith("ostrakon: Not yet: slots cannot move").hasLineCount(1);
    }
  }

  @Test
  void a_configuration_that_never_was_is_absent() {
    assertThat(run("shards", "query", "--number", "999").code()).isEqualTo(Main.ABSENT);
  }

  private String everything() {
    return ok("kv", "scan", "--limit", "0");
  }

  @Test
  void the_bank_runs_on_a_cluster_that_is_there_and_leaves_nothing() {
    ok("kv", "put", "acct:0000", "mine");
    String before = everything();

    Outcome demo =
        run("demo", "--accounts", "20", "--clients", "4", "--seconds", "1", "--seed", "7");
    assertThat(demo.out()).startsWith("bank: OK accounts=20 transfers=").contains(" mismatches=0");
    assertThat(demo.err()).contains("all keys of this run begin with demo-", "removed the 21 keys");
    assertThat(demo.code()).isEqualTo(Main.OK);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void kept_keys_are_there_and_the_command_that_removes_them_is_told() {
    Outcome demo = run("demo", "--accounts", "20", "--clients", "4", "--seconds", "1", "--keep");
    String prefix =
        demo.err().lines().filter(line -> line.contains("are kept")).findFirst().orElseThrow();
    assertThat(prefix).contains("ostrakon kv delete --prefix demo-", " --cluster " + addresses);
    assertThat(ok("kv", "delete", "--prefix", "demo-")).isEqualTo("deleted 21 keys");
  }

  @Test
  void a_torture_of_a_cluster_leaves_nothing(@TempDir Path folder) {
    String before = everything();
    for (String workload : List.of("register", "append", "bank")) {
      String file = folder.resolve(workload.equals("register") ? "h.jsonl" : "h.edn").toString();
      Outcome torture = run("torture", "--workload", workload, "--seconds", "1", "--history", file);
      assertThat(torture.out()).startsWith("torture: OK ");
      assertThat(torture.err()).contains("all keys of this run begin with torture-", "removed the");
      assertThat(torture.code()).isEqualTo(Main.OK);
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void load_is_made_and_measured_and_leaves_nothing() {
    String before = everything();
    for (String workload : List.of("put", "get", "mixed", "txn", "transfer", "scan")) {
      String text =
          run(
                  "bench",
                  "--workload",
                  workload,
                  "--keys",
                  "300",
                  "--accounts",
                  "50",
                  "--inflight",
                  "4",
                  "--seconds",
                  "1",
                  "--warmup",
                  "0")
              .out();
      assertThat(text).startsWith(workload + ": ").contains("p99.9", "errors: none");
    }
    assertThat(everything()).isEqualTo(before);
  }
}
