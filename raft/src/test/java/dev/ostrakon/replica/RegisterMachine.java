package dev.ostrakon.replica;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.List;
import java.util.function.Consumer;

/**
 * A state machine that appends each command to one value in the state store; the result is the
 * value afterwards. It loads the value first if memory does not know it, as real ones do.
 */
final class RegisterMachine implements StateMachine<String> {

  static final Bytes KEY = Bytes.utf8("register");

  /** Begins commands of a newer version. */
  static final String NEWER = "v2:";

  private final StateStore state;
  private int restores;
  private boolean isOld;

  RegisterMachine(StateStore state) {
    this.state = state;
  }

  /** From now on it cannot read commands that begin with {@link #NEWER}. */
  void becomeOld() {
    isOld = true;
  }

  @Override
  public boolean isReadable(Bytes command) {
    return !isOld || !command.toUtf8().startsWith(NEWER);
  }

  int restores() {
    return restores;
  }

  @Override
  public void restored(SnapshotMetadata at) {
    restores++;
  }

  @Override
  public void apply(LogEntry entry, Consumer<String> done) {
    if (state.lookup(KEY).isOnDisk()) {
      state.load(
          List.of(KEY),
          new Callback<>() {
            @Override
            public void succeeded(Void ignored) {
              append(entry, done);
            }

            @Override
            public void failed(StorageException cause) {
              throw cause;
            }
          });
    } else {
      append(entry, done);
    }
  }

  private void append(LogEntry entry, Consumer<String> done) {
    StateStore.Lookup before = state.lookup(KEY);
    String value = (before.isFound() ? before.value().toUtf8() : "") + entry.payload().toUtf8();
    state.put(KEY, Bytes.utf8(value));
    done.accept(value);
  }

  @Override
  public void beforeCheckpoint() {}
}
