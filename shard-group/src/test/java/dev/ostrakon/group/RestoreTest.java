package dev.ostrakon.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.RandomSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replica that starts again from any checkpoint is the same as one that never stopped. */
final class RestoreTest {
  /** A short window and horizon, so that random histories reach the end of both. */
  private static final GroupSettings SETTINGS = new GroupSettings(Limits.DEFAULTS, 2_000, 500, 12);

  @Test
  void state_from_a_checkpoint_and_the_log_after_it_equals_the_original() {
    compare(150, 150, 0, 0.3);
  }

  /** A record that no checkpoint holds any more decides nothing on a replica that still has it. */
  @Test
  void replicas_stay_equal_byte_by_byte_when_ids_are_used_again_after_the_window() {
    compare(30, 400, 0.4, 0);
  }

  private static void compare(int seeds, int steps, double reuse, double acknowledged) {
    for (long seed = 0; seed < seeds; seed++) {
      RandomSource random = new RandomSource(seed);
      TestGroup steady = TestGroup.serving(ShardObserver.NONE, SETTINGS);
      TestGroup shaken = TestGroup.serving(ShardObserver.NONE, SETTINGS);
      Traffic traffic = new Traffic(random, reuse, acknowledged);
      for (int step = 0; step < steps; step++) {
        Command[] commands = traffic.next(steady);
        HybridTimestamp now = traffic.now();
        BatchResult expected = steady.apply(now, commands);
        assertThat(shaken.apply(now, commands))
            .as("seed %d step %d", seed, step)
            .isEqualTo(expected);
        if (random.chance(0.06)) {
          shaken.checkpoint();
        }
        assertThat(shaken.machine().keyCount())
            .as("keys, seed %d step %d", seed, step)
            .isEqualTo(shaken.valueCount());
        if (random.chance(0.06)) {
          shaken.restart();
          assertThat(shaken.dump()).as("seed %d step %d", seed, step).isEqualTo(steady.dump());
        }
      }
      assertThat(shaken.dump()).as("seed %d", seed).isEqualTo(steady.dump());
    }
  }

  /** What is refused before the group has settings expires by those that it gets. */
  @Test
  void a_refusal_from_before_the_first_configuration_expires_on_all_replicas_at_once() {
    TestGroup steady = new TestGroup(new GroupId(1), ShardObserver.NONE);
    TestGroup shaken = new TestGroup(new GroupId(1), ShardObserver.NONE);
    Command adopt =
        new Command.Adopt(SETTINGS, TestGroup.configuration(1, List.of(steady.id, steady.id)));
    for (TestGroup each : List.of(steady, shaken)) {
      each.apply(Given.time(1), Given.order(1, 1, Given.put(Given.A, "1")));
      each.apply(Given.time(2), adopt);
    }
    shaken.checkpoint();
    shaken.restart();

    for (TestGroup each : List.of(steady, shaken)) {
      each.apply(Given.time(3_000), Given.execute(2, Given.put(Given.A, "2")));
    }

    assertThat(shaken.dump()).isEqualTo(steady.dump());
  }

  /** Random commands of all kinds, many of them repeated or out of place. */
  private static final class Traffic {
    private final RandomSource random;
    private final double reuse;
    private final double acknowledged;
    private final List<TxnId> ordered = new ArrayList<>();
    private final List<Command> sent = new ArrayList<>();
    private long nowMillis;
    private long lastSequence;

    /**
     * @param reuse how often an id has been used before
     * @param acknowledged how often a request acknowledges earlier ones
     */
    Traffic(RandomSource random, double reuse, double acknowledged) {
      this.random = random;
      this.reuse = reuse;
      this.acknowledged = acknowledged;
    }

    HybridTimestamp now() {
      return Given.time(nowMillis);
    }

    Command[] next(TestGroup group) {
      nowMillis += random.nextInt(60);
      int count = 1 + random.nextInt(3);
      Command[] commands = new Command[count];
      for (int i = 0; i < count; i++) {
        boolean isRepeated = !sent.isEmpty() && random.chance(0.15);
        commands[i] = isRepeated ? sent.get(random.nextInt(sent.size())) : any(group);
        sent.add(commands[i]);
      }
      return commands;
    }

    private Command any(TestGroup group) {
      int choice = random.nextInt(10);
      if (choice < 3 || ordered.isEmpty()) {
        return new Command.Execute(request());
      }
      if (choice < 6) {
        Request request = request();
        ordered.add(request.id());
        HybridTimestamp proposed = Given.time(nowMillis - random.nextInt(700));
        return new Command.Order(request, proposed, Given.TWO_GROUPS);
      }
      TxnId txn = ordered.get(random.nextInt(ordered.size()));
      TxnStatus status = group.status(txn);
      if (choice == 6) {
        return new Command.Finalise(txn, Given.time(nowMillis + random.nextInt(30)));
      }
      if (choice == 7) {
        return random.chance(0.5)
            ? new Command.Forget(List.of(txn))
            : new Command.Refuse(id(), now(), random.chance(0.5) ? List.of() : slots());
      }
      boolean canCommit = status instanceof TxnStatus.Ready && random.chance(0.8);
      TxnOutcome outcome =
          canCommit
              ? new TxnOutcome.Commit(random.chance(0.7) ? Branch.THEN : Branch.OTHERWISE)
              : new TxnOutcome.Abort(new Refusal(Refusal.Reason.NOT_ORDERED, "x"));
      HybridTimestamp at =
          status instanceof TxnStatus.Ready ready ? ready.timestamp() : HybridTimestamp.ZERO;
      return new Command.Apply(txn, at, outcome);
    }

    private List<Slot> slots() {
      return List.of(new Slot(random.nextInt(4)));
    }

    private TxnId id() {
      boolean isUsedAgain = reuse > 0 && lastSequence > 0 && random.chance(reuse);
      long sequence = isUsedAgain ? 1 + random.nextInt((int) lastSequence) : ++lastSequence;
      ClientId client = new ClientId(random.nextInt(3), 0);
      return new TxnId(new RequestId(client, sequence), 1 + random.nextInt(2));
    }

    private Request request() {
      long settled = Math.max(0, lastSequence - 20 - random.nextInt(30));
      HybridTimestamp issuedAt = Given.time(nowMillis - random.nextInt(300));
      return new Request(
          id(),
          issuedAt,
          random.chance(acknowledged) ? Acknowledgement.upTo(settled) : Acknowledgement.NONE,
          transaction());
    }

    private Transaction transaction() {
      List<Condition> conditions =
          random.chance(0.2) ? List.of(new Condition.Exists(key())) : List.of();
      return new Transaction(conditions, operations(), operations());
    }

    private List<Operation> operations() {
      List<Operation> operations = new ArrayList<>();
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        operations.add(operation());
      }
      return operations;
    }

    private Operation operation() {
      Key key = key();
      return switch (random.nextInt(7)) {
        case 0 -> new Operation.Get(key);
        case 1 -> new Operation.Put(key, Value.number(random.nextInt(100)));
        case 2 -> new Operation.Append(key, Value.utf8("7"));
        case 3 -> new Operation.Delete(key);
        case 4 -> new Operation.Add(key, random.nextLong() / 3, false);
        default -> new Operation.Add(key, random.nextLong(-9, 10), random.chance(0.2));
      };
    }

    private Key key() {
      return Key.utf8("k" + random.nextInt(6));
    }
  }
}
