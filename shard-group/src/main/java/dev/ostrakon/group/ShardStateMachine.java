package dev.ostrakon.group;

import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.CommandBatch;
import dev.ostrakon.group.command.CommandCodec;
import dev.ostrakon.group.command.CommandCodec.Decoded;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnStatus;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.InvariantViolation;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.SnapshotCheck;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a shard group: applies PROTOCOL.md's entries to values, queues and the
 * memory of finished requests.
 *
 * <p>Values live in the state store; everything else lives in memory and is written to the store by
 * the next checkpoint. After a restart or an installed snapshot it is read back first; entries that
 * arrive meanwhile wait.
 *
 * <p>Failure: what the state store fails with, and a state that cannot be read, is told to {@link
 * ShardObserver#onFailed}; no entry is applied after that.
 */
public final class ShardStateMachine implements StateMachine<BatchResult> {
  private record Held(LogEntry entry, Consumer<BatchResult> done) {}

  private final GroupId group;
  private final StateStore store;
  private final ShardObserver observer;
  private final GroupRules rules;
  private final int changesLeftMax;

  private ShardState state;
  private Turns turns;
  private Requests requests;
  private Participation participation;

  /** Counts restores: what was begun before the last one is void. */
  private long generation;

  private boolean isLoaded;
  private boolean isFailed;
  private @Nullable Held held;

  /**
   * @param store the same that the replica checkpoints
   */
  public ShardStateMachine(GroupId group, StateStore store, ShardObserver observer) {
    this(group, store, observer, GroupRules.STANDARD, ShardFrontConfig.DEFAULTS.changesLeftMax());
  }

  ShardStateMachine(
      GroupId group,
      StateStore store,
      ShardObserver observer,
      GroupRules rules,
      int changesLeftMax) {
    this.changesLeftMax = changesLeftMax;
    this.group = group;
    this.store = store;
    this.observer = observer;
    this.rules = rules;
    this.state = new ShardState(group, new ShardData(store), rules);
    this.turns = new Turns(state, observer);
    this.requests = new Requests(state, turns);
    this.participation = new Participation(state, turns, observer);
  }

  @Override
  public void restored(SnapshotMetadata at) {
    generation++;
    isLoaded = false;
    held = null;
    state = new ShardState(group, new ShardData(store), rules);
    turns = new Turns(state, observer);
    requests = new Requests(state, turns);
    participation = new Participation(state, turns, observer);
    long mine = generation;
    new StateLoader(state, turns, store)
        .load(
            guarded(
                mine,
                () -> {
                  isLoaded = true;
                  observer.onLoaded();
                  applyHeld();
                }));
  }

  @Override
  public void apply(LogEntry entry, Consumer<BatchResult> done) {
    if (isFailed) {
      return; // The replica is being stopped.
    }
    if (!isLoaded) {
      held = new Held(entry, done);
      return;
    }
    Decoded decoded = CommandCodec.decode(entry.payload());
    if (decoded instanceof Decoded.Intact intact) {
      loadThenApply(intact.batch(), done);
    } else if (decoded instanceof Decoded.Malformed malformed) {
      done.accept(new BatchResult(List.of(new CommandResult.Rejected(malformed.reason()))));
    } else if (decoded instanceof Decoded.OtherVersion other) {
      fail(
          new StorageException(
              StorageException.Reason.NEWER_FORMAT,
              "entry "
                  + entry.id()
                  + " has version "
                  + other.version()
                  + ", expected "
                  + CommandCodec.VERSION
                  + ": nothing is lost; run the version that wrote it"));
    }
  }

  @Override
  public boolean isReadable(Bytes command) {
    return command.isEmpty() || (command.at(0) & 0xff) <= CommandCodec.VERSION;
  }

  @Override
  public SnapshotCheck snapshotCheck() {
    return new StateCheck(group, store);
  }

  @Override
  public void beforeCheckpoint() {
    if (isLoaded) {
      StatePersistence.writeChanges(state, store);
    }
  }

  /** Whether the state was read back and shows everything that was applied. */
  public boolean isLoaded() {
    return isLoaded;
  }

  /** Whether some configuration was adopted; until then the group serves nothing. */
  public boolean hasConfiguration() {
    return state.configuration != null;
  }

  /** The number of the configuration that the group follows; 0 for none. */
  public long configurationNumber() {
    return state.configurationNumber();
  }

  /** Where a transaction stands here; a pure look. */
  public TxnStatus status(TxnId txn) {
    return participation.status(txn);
  }

  /** What a copy of this request would be told if it were logged now; empty if it is none. */
  Optional<CommandResult> known(Request request) {
    return requests.known(request);
  }

  /** Whether this request's id is known, with the same body. */
  boolean isKnown(Request request) {
    return !state.isReused(request) && !(status(request.id()) instanceof TxnStatus.Unknown);
  }

  /** Keys that have a value. */
  public long keyCount() {
    return state.data.keyCount();
  }

  /** Transactions and requests that wait in the queues. */
  public int pendingCount() {
    return state.queues.size();
  }

  /** Roughly what the memory of finished requests takes, in bytes. */
  public long finishedBytes() {
    return state.finished.bytes();
  }

  /** What grows with requests takes so much of the heap; an estimate. */
  public long heapBytes() {
    return state.heapBytes();
  }

  /** Records of transactions, pending or not. */
  public int recordCount() {
    return state.records.size();
  }

  /**
   * Shows all that is kept in memory, as rows: equal on all replicas that have applied the same
   * entries. For checks and tests.
   */
  public void visitMemory(BiConsumer<Bytes, Bytes> visitor) {
    StatePersistence.visitAll(state, visitor);
  }

  /**
   * Records that no rule requires once every transaction has come to its end and was forgotten: for
   * checks. Others are kept until their client acknowledges them or their window has passed.
   */
  public List<String> superfluousRecords() {
    return state
        .records
        .superfluous(record -> state.finished.isSettled(record.id.request()), state.clock())
        .stream()
        .map(TxnRecord::toString)
        .sorted()
        .toList();
  }

  /** Validates the queues; for tests, which call it after every step. */
  public void checkInvariants() {
    state.queues.checkInvariants();
  }

  /** What reads look at. */
  ShardState state() {
    return state;
  }

  private void applyHeld() {
    Held waiting = held;
    held = null;
    if (waiting != null) {
      apply(waiting.entry(), waiting.done());
    }
  }

  private void loadThenApply(CommandBatch batch, Consumer<BatchResult> done) {
    List<Bytes> missing = state.data.prepareEntry(keysOf(batch), slotsIn(batch));
    if (missing.isEmpty()) {
      done.accept(applyNow(batch));
    } else {
      store.load(missing, guarded(generation, () -> done.accept(applyNow(batch))));
    }
  }

  /** By which slots the commands of an entry find keys: the entry may bring the first ones. */
  private Slots slotsIn(CommandBatch batch) {
    if (state.configuration == null) {
      for (Command command : batch.commands()) {
        if (command instanceof Command.Adopt adopt) {
          return adopt.configuration().slots();
        }
      }
    }
    return state.data.slots();
  }

  private static Set<Key> keysOf(CommandBatch batch) {
    Set<Key> keys = new LinkedHashSet<>();
    for (Command command : batch.commands()) {
      Request request = requestOf(command);
      if (request != null) {
        for (Condition condition : request.transaction().conditions()) {
          keys.add(condition.key());
        }
        for (Operation operation : request.transaction().then()) {
          keys.add(operation.key());
        }
        for (Operation operation : request.transaction().otherwise()) {
          keys.add(operation.key());
        }
      }
    }
    return keys;
  }

  private static @Nullable Request requestOf(Command command) {
    return switch (command.kind()) {
      case EXECUTE -> command instanceof Command.Execute execute ? execute.request() : null;
      case ORDER -> command instanceof Command.Order order ? order.request() : null;
      case FINALISE, REFUSE, APPLY, FORGET, ADOPT, ACKNOWLEDGE -> null;
    };
  }

  private BatchResult applyNow(CommandBatch batch) {
    state.beginEntry(batch.timestamp());
    List<CommandResult> results = new ArrayList<>(batch.commands().size());
    for (Command command : batch.commands()) {
      results.add(applyNow(command, batch));
    }
    state.endEntry();
    StatePersistence.writeExcess(changesLeftMax, state, store);
    return new BatchResult(results);
  }

  private CommandResult applyNow(Command command, CommandBatch batch) {
    if (command instanceof Command.Execute execute) {
      acknowledge(execute.request());
      return requests.execute(execute.request(), batch.timestamp());
    }
    if (command instanceof Command.Order order) {
      acknowledge(order.request());
      return participation.order(order);
    }
    if (command instanceof Command.Finalise finalise) {
      return new CommandResult.Status(participation.finalise(finalise));
    }
    if (command instanceof Command.Refuse refuse) {
      return refuse.slots().isEmpty() ? participation.refuse(refuse) : participation.settle(refuse);
    }
    if (command instanceof Command.Apply apply) {
      return new CommandResult.Status(participation.apply(apply));
    }
    if (command instanceof Command.Forget forget) {
      participation.forget(forget.txns());
      return new CommandResult.Done();
    }
    if (command instanceof Command.Acknowledge acknowledge) {
      participation.acknowledge(
          acknowledge.client(), acknowledge.issuedAt(), acknowledge.acknowledgement());
      return new CommandResult.Done();
    }
    if (command instanceof Command.Adopt adopt) {
      return Adoption.adopt(state, adopt);
    }
    throw new IllegalStateException("a command of no known kind: " + command.kind());
  }

  private void acknowledge(Request request) {
    if (!request.acknowledgement().isEmpty()) {
      participation.acknowledge(
          request.id().request().client(), request.issuedAt(), request.acknowledgement());
    }
  }

  private void fail(StorageException cause) {
    isFailed = true;
    observer.onFailed(cause);
  }

  /** Completions of the state store come outside of the replica's turns: nothing may escape. */
  private Callback<Void> guarded(long startedIn, Runnable step) {
    return new Callback<>() {
      @Override
      public void succeeded(Void nothing) {
        if (startedIn != generation || isFailed) {
          return;
        }
        try {
          step.run();
        } catch (StorageException e) {
          fail(e);
        } catch (RuntimeException | InvariantViolation e) {
          fail(
              new StorageException(
                  StorageException.Reason.PROGRAM_ERROR,
                  "the state machine cannot go on ("
                      + e
                      + "); nothing that was acknowledged is lost; restart the node on the same"
                      + " folder and delete nothing in it; report this",
                  e));
        }
      }

      @Override
      public void failed(StorageException cause) {
        if (startedIn == generation && !isFailed) {
          fail(cause);
        }
      }
    };
  }
}
