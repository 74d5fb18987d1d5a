package dev.ostrakon.examples;

import static dev.ostrakon.client.Conditions.value;
import static dev.ostrakon.client.Operations.add;
import static dev.ostrakon.client.Operations.get;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.client.Versioned;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program of the README: every kind of call once. Its arguments are addresses of nodes. */
public final class GettingStarted {
  private GettingStarted() {}

  /** Runs against a cluster that is there. */
  public static void main(String[] args) {
    run(List.of(args), new PrintStream(System.out, true, StandardCharsets.UTF_8));
  }

  static void run(List<String> addresses, PrintStream out) {
    try (OstrakonClient db = OstrakonClient.connect(addresses.toArray(String[]::new))) {
      db.put("greeting", "hello").thenCompose(done -> db.append("greeting", ", world")).join();
      Optional<Versioned<String>> greeting = db.get("greeting").join();
      out.println(greeting.map(Versioned::value).orElse("nobody there"));

      db.batch().put("alice", "150").put("bob", "0").commit().join();
      TxnResult transfer =
          db.txn()
              .when(value("alice").atLeast(100))
              .then(add("alice", -100), add("bob", 100), get("bob"))
              .otherwise(get("alice"))
              .commit()
              .join();
      out.println(transfer.conditionsHeld() + ", bob has " + transfer.text(2).orElse("nothing"));

      db.transact(tx -> tx.get("alice").thenCompose(a -> tx.put("copy", a.orElse("")))).join();
      Map<String, Versioned<String>> all = db.getAll(List.of("alice", "bob", "copy")).join();
      all.forEach((key, found) -> out.println(key + " = " + found.value()));
    }
  }
}
