package dev.ostrakon.node.embedded;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire between two nodes that can be cut: while it is, nothing that is sent arrives and nobody is
 * told, as when a cable is pulled. What the connection took in meanwhile arrives after it is
 * mended. Any thread.
 */
public final class CuttableLink {

  private final NetServer server;
  private final NetClient client;
  private final int targetPort;
  private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean cut;

  private CuttableLink(Vertx vertx, int targetPort) {
    this.targetPort = targetPort;
    this.client = vertx.createNetClient();
    this.server = vertx.createNetServer().connectHandler(this::onCaller);
  }

  /** A wire from one loopback port to another, open once the future ends. */
  public static Future<CuttableLink> open(Vertx vertx, int port, int targetPort) {
    CuttableLink link = new CuttableLink(vertx, targetPort);
    return link.server.listen(port, "127.0.0.1").map(link);
  }

  /** Where callers connect to. */
  public int port() {
    return server.actualPort();
  }

  /** From now on nothing arrives. */
  public void cut() {
    cut = true;
    sockets.forEach(NetSocket::pause);
  }

  /** Everything arrives again. */
  public void mend() {
    cut = false;
    sockets.forEach(NetSocket::resume);
  }

  private void onCaller(NetSocket caller) {
    caller.pause();
    client
        .connect(targetPort, "127.0.0.1")
        .onSuccess(
            target -> {
              join(caller, target);
              join(target, caller);
            })
        .onFailure(cause -> caller.close());
  }

  private void join(NetSocket from, NetSocket to) {
    sockets.add(from);
    from.handler(
        bytes -> {
          to.write(bytes);
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> resumeUnlessCut(from));
          }
        });
    from.closeHandler(
        closed -> {
          sockets.remove(from);
          to.close();
        });
    from.exceptionHandler(cause -> from.close());
    resumeUnlessCut(from);
  }

  private void resumeUnlessCut(NetSocket socket) {
    if (cut) {
      socket.pause();
    } else {
      socket.resume();
    }
  }
}
