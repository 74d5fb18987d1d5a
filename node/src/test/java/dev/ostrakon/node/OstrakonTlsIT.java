package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.embedded.FreePorts;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.settings.MemorySettings;
import dev.ostrakon.node.settings.NodeSettings;
import dev.ostrakon.node.settings.ServingSettings;
import dev.ostrakon.node.settings.TimingSettings;
import dev.ostrakon.node.tls.TlsOptions;
import dev.ostrakon.node.tls.TlsSettings;
import dev.ostrakon.protocol.v1.GetRequest;
import dev.ostrakon.protocol.v1.GetResponse;
import dev.ostrakon.protocol.v1.KvGrpcClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OstrakonTlsIT {
  private static final String PASSWORD = "secret";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void nodes_and_clients_with_certificates_understand_each_other_and_others_stay_outside(
      String host) throws Exception {
    assumeTrue(host.equals("127.0.0.1") || hasIpv6(), "this machine has no ::1");
    TlsSettings tls = certificates();
    List<Integer> ports = FreePorts.find(2);
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (int i = 0; i < 2; i++) {
      peers.put(new NodeId("n" + i), new NodeAddress(host, ports.get(i)));
    }
    List<Future<OstrakonNode>> starting = new ArrayList<>();
    peers.forEach(
        (node, address) ->
            starting.add(
                OstrakonNode.start(
                    NodeSettings.of(node, address, folder.resolve(node.name()), peers)
                        .withTls(tls)
                        .with(
                            MemorySettings.SMALL,
                            TimingSettings.QUICK,
                            ServingSettings.DEFAULTS))));
    List<OstrakonNode> nodes = starting.stream().map(Awaits::await).toList();
    Vertx vertx = Vertx.vertx();
    try {
      nodes.forEach(node -> Awaits.await(node.ready()));
      GetResponse answer = Awaits.await(get(vertx, tls, host, ports.get(0)));
      assertThat(answer.getHeader().getTimestamp()).isNotZero();
      Future<GetResponse> inTheClear = get(vertx, TlsSettings.NONE, host, ports.get(0));
      Awaits.awaitEnd(inTheClear);
      assertThat(inTheClear.failed()).isTrue();
    } finally {
      nodes.forEach(node -> Awaits.await(node.stop()));
      Awaits.await(vertx.close());
    }
  }

  private static boolean hasIpv6() {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static Future<GetResponse> get(Vertx vertx, TlsSettings tls, String host, int port) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false);
    GrpcClient client =
        GrpcClient.client(vertx, new GrpcClientOptions(), TlsOptions.apply(tls, options));
    return KvGrpcClient.create(client, new NodeAddress(host, port).toSocketAddress())
        .get(GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
  }

  /** One certificate that signs itself, for everybody. */
  private TlsSettings certificates() throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "EC",
                "-dname",
                "CN=node",
                "-ext",
                "san=ip:127.0.0.1,ip:::1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Path certificate =
        pem("certificate.pem", "CERTIFICATE", keys.getCertificate("node").getEncoded());
    Path key =
        pem("key.pem", "PRIVATE KEY", keys.getKey("node", PASSWORD.toCharArray()).getEncoded());
    return new TlsSettings(certificate, key, certificate, TlsSettings.Clients.CERTIFIED);
  }

  private Path pem(String name, String what, byte[] bytes) throws Exception {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN "
            + what
            + "-----\n"
            + encoder.encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n");
  }
}
