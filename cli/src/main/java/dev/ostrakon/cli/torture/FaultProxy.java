package dev.ostrakon.cli.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A link from one node to another one that can be cut or slow: listens on a port of its own and
 * passes on what comes to the target. Two threads a connection.
 *
 * <p>What is held is not lost but late, as on a network that comes back; a reset link breaks its
 * connections and takes no new ones.
 */
final class FaultProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16; // 64 KiB
  private static final int CONNECT_MILLIS = 1_000;
  private static final long RETRY_NANOS = 10_000_000; // 10 ms

  /** What a link does. */
  enum Mode {
    /** Passes everything on. */
    OPEN,
    /** Holds what the caller sends. */
    HOLD_FORWARD,
    /** Holds what the target answers. */
    HOLD_BACKWARD,
    /** Holds both. */
    HOLD_BOTH,
    /** Passes everything on, each piece late. */
    SLOW,
    /** Breaks connections. */
    RESET
  }

  private final ServerSocket server;
  private final int targetPort;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private Mode mode = Mode.OPEN;
  private int delayMillis;
  private boolean closed;

  FaultProxy(int targetPort) throws IOException {
    this.targetPort = targetPort;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("proxy-" + server.getLocalPort(), this::accept);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  Mode mode() {
    lock.lock();
    try {
      return mode;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes what the link does.
   *
   * @param newDelayMillis how late each piece is if it is slow
   */
  void set(Mode newMode, int newDelayMillis) {
    lock.lock();
    try {
      mode = newMode;
      delayMillis = newDelayMillis;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (newMode == Mode.RESET) {
      sockets.forEach(FaultProxy::closeQuietly);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket caller = server.accept();
        daemon("link-" + port(), () -> connect(caller));
      } catch (IOException e) {
        LockSupport.parkNanos(RETRY_NANOS); // Closed, or out of files for a moment.
      }
    }
  }

  private void connect(Socket caller) {
    Socket target = new Socket();
    sockets.add(caller);
    sockets.add(target);
    try {
      if (mode() == Mode.RESET) {
        throw new IOException("the link is cut");
      }
      caller.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      target.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_MILLIS);
      daemon("back-" + port(), () -> pump(target, caller, false));
      pump(caller, target, true);
    } catch (IOException e) {
      end(caller, target);
    }
  }

  private void pump(Socket from, Socket to, boolean forward) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        awaitPassage(forward);
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // Either end is gone; so is the other one now.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(from, to);
    }
  }

  private void awaitPassage(boolean forward) throws InterruptedException {
    lock.lock();
    try {
      if (mode == Mode.SLOW) {
        long nanos = delayMillis * 1_000_000L;
        while (nanos > 0 && mode == Mode.SLOW && !closed) {
          nanos = changed.awaitNanos(nanos);
        }
      }
      while (isHeld(forward) && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isHeld(boolean forward) {
    return switch (mode) {
      case HOLD_BOTH -> true;
      case HOLD_FORWARD -> forward;
      case HOLD_BACKWARD -> !forward;
      case OPEN, SLOW, RESET -> false;
    };
  }

  private void end(Socket one, Socket other) {
    closeQuietly(one);
    closeQuietly(other);
    sockets.remove(one);
    sockets.remove(other);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more in either case.
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      server.close();
    } catch (IOException e) {
      // The process ends soon.
    }
    sockets.forEach(FaultProxy::closeQuietly);
  }
}
