package dev.ostrakon.node.connection;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket that asks the gate of its port about each connection, before anything is made
 * for it but the descriptor. Confined to the event loop that accepts.
 */
final class GuardedServerChannel extends NioServerSocketChannel {
  private final IntFunction<@Nullable ConnectionGate> gates;

  /**
   * @param gates the gate of a local port, if it has one
   */
  GuardedServerChannel(IntFunction<@Nullable ConnectionGate> gates) {
    this.gates = gates;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int before = accepted.size();
    int count = super.doReadMessages(accepted);
    if (accepted.size() == before) {
      return count;
    }
    InetSocketAddress local = localAddress();
    ConnectionGate gate = local == null ? null : gates.apply(local.getPort());
    if (gate == null || admit(gate, (Channel) accepted.get(before))) {
      return count;
    }
    ((Channel) accepted.remove(before)).unsafe().closeForcibly();
    return 0;
  }

  private static boolean admit(ConnectionGate gate, Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      return false; // It is gone already.
    }
    InetAddress address = remote.getAddress();
    if (!gate.tryEnter(address)) {
      return false;
    }
    channel.closeFuture().addListener(closed -> gate.leave(address));
    channel.pipeline().addLast(new ConnectionGuard(gate));
    return true;
  }
}
