package dev.ostrakon.node.admin;

import dev.ostrakon.group.FrontAnswer;
import dev.ostrakon.group.HeldTxn;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.cluster.LocalGroups;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows operators which transactions are pending in the groups that this node leads, and gives one
 * that cannot finish by itself an outcome.
 *
 * <p>Hazard: an outcome that other groups do not share tears the transaction apart. Recovery gives
 * the right one by itself within seconds whenever all participants can be asked.
 */
public final class TransactionsEndpoint {
  private static final int TXNS_MAX = 1_000;
  private static final long RELEASE_NANOS = 10_000_000_000L; // 10 s
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9]{1,18})-([0-9]{1,9})");

  /** What an answer is: its HTTP status and a line of text. */
  record Reply(int code, String text) {}

  private final LocalGroups groups;

  /** Over the groups of this node. */
  public TransactionsEndpoint(LocalGroups groups) {
    this.groups = groups;
  }

  /** The transactions that are pending, at most 1,000 of each group that is led here. */
  Future<String> list() {
    List<Future<JsonArray>> asked = new ArrayList<>();
    for (LocalGroup group : groups.all()) {
      Promise<JsonArray> answer = Promise.promise();
      group.owner().execute(() -> answer.complete(held(group)));
      asked.add(answer.future());
    }
    return Future.all(asked)
        .map(
            all -> {
              JsonArray whole = new JsonArray();
              asked.forEach(part -> part.result().forEach(whole::add));
              return whole.encodePrettily() + "\n";
            });
  }

  private static JsonArray held(LocalGroup group) {
    JsonArray held = new JsonArray();
    for (HeldTxn txn : group.front().held(TXNS_MAX)) {
      JsonArray participants = new JsonArray();
      txn.participants().forEach(participant -> participants.add(participant.number()));
      held.add(
          new JsonObject()
              .put("group", group.group().number())
              .put("txn", nameOf(txn.txn()))
              .put("ready", txn.ready())
              .put("proposal", txn.proposal().toString())
              .put("timestamp", txn.timestamp().toString())
              .put("participants", participants)
              .put("keys", txn.keys()));
    }
    return held;
  }

  /** Gives a pending transaction its outcome in one group that is led here. */
  Future<Reply> release(MultiMap parameters) {
    Optional<TxnId> txn = txnOf(parameters.get("txn"));
    Optional<TxnOutcome> outcome = outcomeOf(parameters.get("outcome"));
    Optional<LocalGroup> group = groupOf(parameters.get("group"));
    if (txn.isEmpty() || outcome.isEmpty()) {
      return Future.succeededFuture(
          new Reply(
              400,
              "expected group=NUMBER, txn=NAME as GET /transactions shows it, and outcome=abort,"
                  + " then or otherwise\n"));
    }
    if (group.isEmpty()) {
      return Future.succeededFuture(new Reply(404, "the group has no replica on this node\n"));
    }
    Promise<Reply> reply = Promise.promise();
    LocalGroup found = group.get();
    found
        .owner()
        .execute(
            () ->
                found
                    .front()
                    .release(
                        txn.get(),
                        outcome.get(),
                        found.owner().nowNanos() + RELEASE_NANOS,
                        answer -> reply.complete(replyOf(answer))));
    return reply.future();
  }

  private static Reply replyOf(FrontAnswer<Boolean> answer) {
    if (answer instanceof FrontAnswer.Done<Boolean> done) {
      return done.value()
          ? new Reply(200, "released\n")
          : new Reply(409, "nothing changed: it is not pending here, or not ready to commit\n");
    }
    return answer instanceof FrontAnswer.NotLeader<Boolean> elsewhere
        ? new Reply(
            409,
            "this node does not lead the group; node "
                + elsewhere.leader().map(Object::toString).orElse("unknown")
                + " does\n")
        : new Reply(503, "not known whether it was released; look at /transactions\n");
  }

  static String nameOf(TxnId txn) {
    ClientId client = txn.request().client();
    return Long.toHexString(client.high())
        + "-"
        + Long.toHexString(client.low())
        + "-"
        + txn.request().sequence()
        + "-"
        + txn.attempt();
  }

  private static Optional<TxnId> txnOf(String name) {
    Matcher parts = NAME.matcher(name == null ? "" : name);
    if (!parts.matches() || parts.group(4).matches("0+") || parts.group(3).matches("0+")) {
      return Optional.empty();
    }
    ClientId client =
        new ClientId(
            Long.parseUnsignedLong(parts.group(1), 16), Long.parseUnsignedLong(parts.group(2), 16));
    return Optional.of(
        new TxnId(
            new RequestId(client, Long.parseLong(parts.group(3))),
            Integer.parseInt(parts.group(4))));
  }

  private static Optional<TxnOutcome> outcomeOf(String name) {
    return switch (name == null ? "" : name) {
      case "abort" ->
          Optional.of(
              new TxnOutcome.Abort(
                  new Refusal(
                      Refusal.Reason.NOT_ORDERED, "the attempt was aborted by an operator")));
      case "then" -> Optional.of(new TxnOutcome.Commit(Branch.THEN));
      case "otherwise" -> Optional.of(new TxnOutcome.Commit(Branch.OTHERWISE));
      default -> Optional.empty();
    };
  }

  private Optional<LocalGroup> groupOf(String number) {
    return number != null && number.matches("[0-9]{1,9}")
        ? groups.find(new GroupId(Long.parseLong(number)))
        : Optional.empty();
  }
}
