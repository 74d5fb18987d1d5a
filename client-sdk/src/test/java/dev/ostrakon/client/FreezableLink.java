package dev.ostrakon.client;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy in front of a node. Frozen, it is what a stopped process is to its peers: the kernel
 * accepts connections and bytes, and nothing ever comes back.
 */
final class FreezableLink {
  private static final long PATIENCE_SECONDS = 30;

  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final NetServer server;
  private volatile boolean isFrozen;

  FreezableLink(Vertx vertx, int targetPort) {
    NetClient client = vertx.createNetClient();
    server =
        vertx
            .createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(0))
            .connectHandler(
                socket -> {
                  add(socket);
                  client
                      .connect(targetPort, "127.0.0.1")
                      .onComplete(
                          target -> {
                            add(target);
                            join(socket, target);
                            join(target, socket);
                            if (!isFrozen) {
                              socket.resume();
                            }
                          },
                          cause -> socket.close());
                });
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  private void add(NetSocket socket) {
    socket.pause();
    sockets.add(socket);
  }

  private void join(NetSocket from, NetSocket to) {
    from.handler(to::write);
    from.exceptionHandler(cause -> {});
    from.closeHandler(
        closed -> {
          sockets.remove(from);
          to.close();
        });
    if (!isFrozen) {
      from.resume();
    }
  }

  void freeze() {
    isFrozen = true;
    sockets.forEach(NetSocket::pause);
  }

  void thaw() {
    isFrozen = false;
    sockets.forEach(NetSocket::resume);
  }

  /** Closes every connection, as the end of a process does. */
  void cut() {
    sockets.forEach(NetSocket::close);
  }
}
