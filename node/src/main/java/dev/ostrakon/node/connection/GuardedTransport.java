package dev.ostrakon.node.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.transport.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sockets of a Vert.x instance, of which those that listen may have a gate. Any thread. */
public final class GuardedTransport implements Transport {
  private final Map<Integer, ConnectionGate> gates = new ConcurrentHashMap<>();

  /** From now on connections to a local port pass a gate. */
  public void guard(int port, ConnectionGate gate) {
    gates.put(port, gate);
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return new Sockets();
  }

  private final class Sockets implements io.vertx.core.spi.transport.Transport {
    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return NioIoHandler.newFactory();
    }

    @Override
    public DatagramChannel datagramChannel() {
      return new NioDatagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // The interface names the deprecated type.
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
      return new NioDatagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
      requireInternet(domainSocket);
      return NioSocketChannel::new;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
      requireInternet(domainSocket);
      return () -> new GuardedServerChannel(gates::get);
    }

    private static void requireInternet(boolean domainSocket) {
      if (domainSocket) {
        throw new IllegalArgumentException("expected a socket of the internet, was one of Unix");
      }
    }
  }
}
