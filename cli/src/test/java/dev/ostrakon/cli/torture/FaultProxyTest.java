package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.cli.torture.FaultProxy.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultProxyTest {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int SILENCE_MILLIS = 300;

  private ServerSocket server;
  private FaultProxy proxy;
  private Socket caller;
  private Socket target;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = new FaultProxy(server.getLocalPort());
    caller = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    target = server.accept();
    target.setSoTimeout(PATIENCE_MILLIS);
    caller.setSoTimeout(PATIENCE_MILLIS);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    caller.close();
    target.close();
    server.close();
  }

  private static void send(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    socket.getOutputStream().flush();
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  @Test
  void an_open_link_passes_on_both_ways() throws IOException {
    send(caller, 7);
    assertThat(target.getInputStream().read()).isEqualTo(7);
    send(target, 8);
    assertThat(caller.getInputStream().read()).isEqualTo(8);
  }

  @Test
  void a_link_can_be_cut_in_one_direction_and_delivers_late() throws IOException {
    proxy.set(Mode.HOLD_FORWARD, 0);
    send(caller, 7);
    send(target, 8);
    assertThat(caller.getInputStream().read()).isEqualTo(8);
    assertSilent(target);

    proxy.set(Mode.OPEN, 0);
    assertThat(target.getInputStream().read()).isEqualTo(7);
  }

  @Test
  void a_slow_link_takes_its_time() throws IOException {
    proxy.set(Mode.SLOW, 1_000);
    send(caller, 7);
    assertSilent(target);
    assertThat(target.getInputStream().read()).isEqualTo(7);
  }

  @Test
  void a_reset_link_breaks_connections_and_takes_no_new_ones() throws IOException {
    proxy.set(Mode.RESET, 0);
    assertThat(target.getInputStream().read()).isEqualTo(-1);
    try (Socket second = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      second.setSoTimeout(PATIENCE_MILLIS);
      assertThat(second.getInputStream().read()).isEqualTo(-1);
    }

    proxy.set(Mode.OPEN, 0);
    try (Socket third = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket accepted = server.accept()) {
      send(third, 9);
      accepted.setSoTimeout(PATIENCE_MILLIS);
      assertThat(accepted.getInputStream().read()).isEqualTo(9);
    }
  }
}
