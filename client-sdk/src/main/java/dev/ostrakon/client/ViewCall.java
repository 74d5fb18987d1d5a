package dev.ostrakon.client;

import dev.ostrakon.model.Key;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits until the cluster is known, and sends nothing. */
final class ViewCall extends Call<ClusterView> {
  ViewCall(ClientLoop loop, long deadlineNanos) {
    super(loop, deadlineNanos, 0);
  }

  @Override
  @Nullable ClusterView known(Router router) {
    return router.view().orElse(null);
  }

  @Override
  boolean writes() {
    return false;
  }

  @Override
  SessionRequest.Builder body() {
    throw new IllegalStateException("nothing is to be sent");
  }

  @Override
  Target target(Router router) {
    throw new IllegalStateException("nobody is to be asked");
  }

  @Override
  List<Key> keys() {
    return List.of();
  }

  @Override
  ClusterView read(KvAnswer answer) {
    throw new IllegalStateException("nobody was asked");
  }
}
