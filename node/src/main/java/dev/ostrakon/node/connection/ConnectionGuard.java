package dev.ostrakon.node.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose handshake does not come, and one that gives no sign of life. Confined
 * to the event loop of its connection.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
  private final ConnectionGate gate;
  private final ConnectionLimits limits;
  private long readNanos;
  private long lookNanos;
  private long pings;
  private @Nullable Future<?> next;

  ConnectionGuard(ConnectionGate gate) {
    this.gate = gate;
    this.limits = gate.limits();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    readNanos = System.nanoTime();
    later(ctx, () -> requireSettled(ctx), limits.settleMillis());
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (next != null) {
      next.cancel(false);
    }
    ctx.fireChannelInactive();
  }

  private void later(ChannelHandlerContext ctx, Runnable task, int millis) {
    next = ctx.executor().schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    readNanos = System.nanoTime();
    ctx.fireChannelRead(message);
  }

  private void requireSettled(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    if (isSettled(ctx)) {
      lookLater(ctx);
    } else {
      gate.onUnsettled();
      close(ctx);
    }
  }

  private boolean isSettled(ChannelHandlerContext ctx) {
    return switch (limits.settles()) {
      case HTTP2 -> {
        Http2ConnectionHandler http2 = http2(ctx);
        yield http2 != null && http2.decoder().prefaceReceived();
      }
      case NEVER -> false;
    };
  }

  private static @Nullable Http2ConnectionHandler http2(ChannelHandlerContext ctx) {
    return ctx.pipeline().get(Http2ConnectionHandler.class);
  }

  private void lookLater(ChannelHandlerContext ctx) {
    lookNanos = System.nanoTime();
    later(ctx, () -> look(ctx), limits.pingMillis());
  }

  private void look(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    long nowNanos = System.nanoTime();
    if (nowNanos - lookNanos > nanos(2L * limits.pingMillis())) {
      readNanos = nowNanos; // This end stood still, and has to read first.
    }
    long silentNanos = nowNanos - readNanos;
    if (silentNanos >= nanos(limits.silenceMillis())) {
      gate.onSilent();
      close(ctx);
      return;
    }
    if (silentNanos >= nanos(limits.pingMillis()) / 2) {
      ping(ctx);
    }
    lookLater(ctx);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The end of the channel is seen by the gate.
  private static void close(ChannelHandlerContext ctx) {
    ctx.close();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A ping that is not sent is not answered either.
  private void ping(ChannelHandlerContext ctx) {
    Http2ConnectionHandler http2 = http2(ctx);
    ChannelHandlerContext at = http2 == null ? null : ctx.pipeline().context(http2);
    if (http2 != null && at != null) {
      pings++;
      http2.encoder().writePing(at, false, pings, at.newPromise());
      at.flush();
    }
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
