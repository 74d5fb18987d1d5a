package dev.ostrakon.simulation.workload;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import dev.ostrakon.simulation.cluster.MachineFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A map of registers on a {@link StateStore}, with everything that a real state machine does to it:
 * rows that have to be loaded first, rows that come and go, and something in memory (the chain, a
 * hash over all commands) that is only written when a checkpoint begins.
 *
 * <p>Rows: {@code v<register>} the version, {@code k<register>} the list if not empty, {@code m}
 * the chain.
 */
public final class RegisterMachine implements StateMachine<CommandResult> {

  /** The factory of these machines. */
  public static final MachineFactory<RegisterMachine> FACTORY =
      new MachineFactory<>() {
        @Override
        public RegisterMachine create(int group, StateStore store) {
          return new RegisterMachine(store);
        }

        @Override
        public boolean isReplicated(Bytes key) {
          return !key.equals(CHAIN_KEY);
        }
      };

  private static final Bytes CHAIN_KEY = Bytes.utf8("m");

  private final StateStore store;

  /** Volatile: written before a checkpoint, read again after a restore. */
  private long chain;

  private boolean chainLoaded;

  RegisterMachine(StateStore store) {
    this.store = store;
  }

  @Override
  public void restored(SnapshotMetadata at) {
    chain = 0;
    chainLoaded = false;
  }

  @Override
  public void apply(LogEntry entry, Consumer<CommandResult> done) {
    Command command = Command.decode(entry.payload());
    if (chainLoaded) {
      withRegister(command.register(), (version, ids) -> applyLoaded(command, version, ids, done));
    } else {
      withRows(
          List.of(CHAIN_KEY),
          () -> {
            chain = toLong(store.lookup(CHAIN_KEY));
            chainLoaded = true;
            withRegister(
                command.register(), (version, ids) -> applyLoaded(command, version, ids, done));
          });
    }
  }

  private void applyLoaded(Command command, long version, Bytes ids, Consumer<CommandResult> done) {
    int register = command.register();
    store.put(versionKey(register), fromLong(version + 1));
    switch (command.kind()) {
      case APPEND -> store.put(listKey(register), append(ids, command.id()));
      case PUT -> store.put(listKey(register), fromLong(command.id()));
      case DELETE -> store.delete(listKey(register));
    }
    chain = chainAfter(chain, command.id());
    done.accept(new CommandResult(version + 1, chain));
  }

  /** The chain after one more command. */
  static long chainAfter(long chain, long id) {
    long mixed = (chain ^ id) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }

  @Override
  public void beforeCheckpoint() {
    if (chainLoaded) {
      store.put(CHAIN_KEY, fromLong(chain));
    }
  }

  /** Reads a register as it is once its rows are in memory. */
  public void read(int register, Consumer<RegisterValue> done) {
    withRegister(register, (version, ids) -> done.accept(new RegisterValue(version, ids)));
  }

  private void withRegister(int register, BiConsumer<Long, Bytes> action) {
    Bytes versionKey = versionKey(register);
    Bytes listKey = listKey(register);
    withRows(
        List.of(versionKey, listKey),
        () -> {
          StateStore.Lookup list = store.lookup(listKey);
          action.accept(
              toLong(store.lookup(versionKey)), list.isFound() ? list.value() : Bytes.EMPTY);
        });
  }

  private void withRows(List<Bytes> keys, Runnable action) {
    if (keys.stream().noneMatch(key -> store.lookup(key).isOnDisk())) {
      action.run();
      return;
    }
    store.load(
        keys,
        new Callback<>() {
          @Override
          public void succeeded(Void nothing) {
            action.run();
          }

          @Override
          public void failed(StorageException cause) {
            throw cause;
          }
        });
  }

  private static Bytes versionKey(int register) {
    return Bytes.wrap(new byte[] {'v', (byte) register});
  }

  private static Bytes listKey(int register) {
    return Bytes.wrap(new byte[] {'k', (byte) register});
  }

  private static Bytes append(Bytes ids, long id) {
    return Bytes.wrap(
        ByteBuffer.allocate(ids.size() + Long.BYTES).put(ids.sharedArray()).putLong(id).array());
  }

  private static Bytes fromLong(long value) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static long toLong(StateStore.Lookup lookup) {
    return lookup.isFound() ? ByteBuffer.wrap(lookup.value().sharedArray()).getLong() : 0;
  }
}
