package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ostrakon.node.rpc.MessageLimits;
import dev.ostrakon.node.rpc.RpcCounters;
import dev.ostrakon.node.rpc.RpcLimits;
import dev.ostrakon.node.rpc.RpcLoop;
import dev.ostrakon.node.rpc.RpcServer;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.KvGrpcService;
import dev.ostrakon.protocol.v1.KvService;
import dev.ostrakon.protocol.v1.PutRequest;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.WriteResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that never end, against a server whose deadline for them is short. */
class UnfinishedMessageTest {
  private static final int MESSAGE_MILLIS = 500;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final String PUT = "/ostrakon.v1.Kv/Put";
  private static final String SESSION = "/ostrakon.v1.Kv/Session";

  private final Vertx vertx = Vertx.vertx();
  private final RpcCounters counters = new RpcCounters();
  private final HttpClient client = RawCall.client(vertx);
  private String address = "";

  @BeforeEach
  void serve() {
    RpcLimits limits =
        new RpcLimits(
            Map.of(),
            new MessageLimits(1 << 20, 1_000, "a limit of the test"),
            100,
            4 << 20,
            4 << 20,
            4 << 20,
            MESSAGE_MILLIS,
            10 * MESSAGE_MILLIS);
    Promise<HttpServer> listening = Promise.promise();
    vertx.runOnContext(
        turn -> {
          RpcLoop loop = new RpcLoop(vertx, limits, counters);
          RpcServer server = new RpcServer(loop);
          server.addService(KvGrpcService.of(new Puts()));
          vertx.setPeriodic(20, tick -> loop.tick());
          vertx
              .createHttpServer()
              .requestHandler(server)
              .listen(0, "127.0.0.1")
              .onComplete(listening);
        });
    address = "127.0.0.1:" + Awaits.await(listening.future()).actualPort();
  }

  @AfterEach
  void stop() {
    Awaits.await(vertx.close());
  }

  /** Answers every put, and nothing in a session. */
  private static final class Puts extends KvService {
    @Override
    public Future<WriteResponse> put(PutRequest request) {
      return Future.succeededFuture(WriteResponse.newBuilder().setVersion(7).build());
    }

    @Override
    protected void session(ReadStream<ClientFrame> request, WriteStream<ServerFrame> response) {
      request.handler(frame -> response.write(ServerFrame.getDefaultInstance()));
    }
  }

  private static Buffer put() {
    return RawCall.framed(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("key")).build());
  }

  private RawCall begin(String path) {
    return RawCall.begin(vertx, client, address, path);
  }

  @Test
  void A10_a_message_that_is_not_complete_in_time_ends_its_call_and_releases_its_room() {
    Buffer message = put();
    for (String path : new String[] {PUT, SESSION}) {
      RawCall call = begin(path).write(message.slice(0, message.length() - 1));
      Awaits.untilAsserted(() -> assertThat(counters.snapshot().unfinishedBytes()).isPositive());
      RawCall.Outcome outcome = Awaits.await(call.outcome());
      assertThat(outcome.grpc()).as(path).isEqualTo(DEADLINE_EXCEEDED);
      assertThat(outcome.message()).contains("was not complete after " + MESSAGE_MILLIS + " ms");
      assertThat(counters.snapshot().unfinishedBytes()).isZero();
    }
  }

  @Test
  void A10_a_later_message_of_a_stream_has_the_deadline_too_and_an_idle_stream_has_none() {
    RawCall idle = begin(SESSION).write(RawCall.framed(ClientFrame.getDefaultInstance()));
    RawCall call = begin(SESSION).write(RawCall.framed(ClientFrame.getDefaultInstance()));
    Awaits.untilAsserted(() -> assertThat(call.receivedBytes()).isPositive());
    call.write(RawCall.prefix(0, 9));

    assertThat(Awaits.await(call.outcome()).grpc()).isEqualTo(DEADLINE_EXCEEDED);
    assertThat(idle.outcome().isComplete()).isFalse();
    assertThat(Awaits.await(begin(PUT).write(put()).end().outcome()).grpc()).isZero();
  }
}
