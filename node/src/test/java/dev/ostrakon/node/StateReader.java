package dev.ostrakon.node;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/** Looks into the state that {@link CountingMachine} writes. */
final class StateReader {

  private StateReader() {}

  /** How often a command was applied on this replica, {@code "0"} if never. */
  static Future<String> count(HostedReplica<Long> replica, String command) {
    Promise<String> answer = Promise.promise();
    replica.owner().execute(() -> count(replica.state(), command, answer));
    return answer.future();
  }

  /** The same on the owner of the state, at once if memory knows, else later. */
  static void count(StateStore state, String command, Promise<String> answer) {
    Bytes key = Bytes.utf8(command);
    if (!state.lookup(key).isOnDisk()) {
      answer.complete(text(state.lookup(key)));
      return;
    }
    state.load(
        List.of(key),
        new Callback<>() {
          @Override
          public void succeeded(Void value) {
            answer.complete(text(state.lookup(key)));
          }

          @Override
          public void failed(StorageException cause) {
            answer.fail(cause);
          }
        });
  }

  private static String text(StateStore.Lookup lookup) {
    return lookup.isFound() ? lookup.value().toUtf8() : "0";
  }
}
