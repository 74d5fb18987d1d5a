package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.protocol.CallCodec;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.ScanPage;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.SessionCodec;
import dev.ostrakon.protocol.SessionHello;
import dev.ostrakon.protocol.SessionWelcome;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.StatusCodec;
import dev.ostrakon.protocol.WireFormat;
import dev.ostrakon.protocol.v1.ClientFrame;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.KvGrpcService;
import dev.ostrakon.protocol.v1.KvService;
import dev.ostrakon.protocol.v1.MoveRequest;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.ServerFrame;
import dev.ostrakon.protocol.v1.SessionAnswer;
import dev.ostrakon.protocol.v1.SessionRequest;
import dev.ostrakon.protocol.v1.ShardsGrpcService;
import dev.ostrakon.protocol.v1.ShardsService;
import dev.ostrakon.protocol.v1.StatusGrpcService;
import dev.ostrakon.protocol.v1.StatusRequest;
import dev.ostrakon.protocol.v1.StatusResponse;
import dev.ostrakon.protocol.v1.StatusService;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One node of a {@link FakeCluster}. */
final class FakeNode {
  private static final long PATIENCE_SECONDS = 30;

  private final FakeCluster cluster;
  private final int index;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private @Nullable HttpServer server;
  private int port;
  private volatile @Nullable FreezableLink link;

  /** The cluster that it says it belongs to. */
  volatile String clusterId = "fake";

  /** How far its clock is ahead, in milliseconds. */
  volatile long skewMillis;

  /** How it answers a hello; null to accept. */
  volatile @Nullable ServiceError welcome;

  FakeNode(FakeCluster cluster, int index) {
    this.cluster = cluster;
    this.index = index;
  }

  NodeId id() {
    return new NodeId("n" + (index + 1));
  }

  int index() {
    return index;
  }

  String address() {
    FreezableLink proxy = link;
    return proxy == null ? cluster.host + ":" + port : proxy.address();
  }

  /** The node is reached through a proxy from now on. */
  FreezableLink link() {
    FreezableLink proxy = link;
    if (proxy == null) {
      proxy = new FreezableLink(cluster.vertx, port);
      link = proxy;
    }
    return proxy;
  }

  /** Begins to listen, at the port that it had before if it was stopped. */
  void start() {
    GrpcServer grpc =
        GrpcServer.server(
            cluster.vertx, new GrpcServerOptions().setMaxMessageSize(WireFormat.FRAME_BYTES_MAX));
    grpc.addService(KvGrpcService.of(new FakeKv()));
    grpc.addService(ShardsGrpcService.of(new FakeShards()));
    grpc.addService(StatusGrpcService.of(new FakeStatus()));
    HttpServer opened =
        cluster
            .vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(cluster.host.replaceAll("[\\[\\]]", ""))
                    .setPort(port))
            .connectionHandler(
                connection -> {
                  connections.add(connection);
                  connection.closeHandler(closed -> connections.remove(connection));
                })
            .requestHandler(grpc);
    await(opened.listen());
    server = opened;
    port = opened.actualPort();
  }

  /** Stops listening and cuts all connections. */
  void stop() {
    HttpServer open = server;
    if (open != null) {
      connections.forEach(HttpConnection::close);
      await(open.close());
      server = null;
    }
  }

  private static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private HybridTimestamp now() {
    HybridTimestamp now = cluster.now();
    return new HybridTimestamp(now.wallMillis() + skewMillis, now.logical());
  }

  private @Nullable ServiceError refusalOf(String expected) {
    return expected.isEmpty() || expected.equals(clusterId)
        ? null
        : new ServiceError(ErrorCode.WRONG_CLUSTER, "expected " + expected + ", was " + clusterId);
  }

  /** The protocol's own refusals: of groups that it does not lead, of keys that they do not own. */
  private @Nullable ServiceError refusal(KvCall call) {
    GroupId group = null;
    if (call instanceof KvCall.Scan scan) {
      group = scan.range().group();
    } else if (call instanceof KvCall.AskOutcome ask) {
      group = ask.question().group();
    } else {
      Transaction transaction =
          call instanceof KvCall.Execute execute
              ? execute.request().transaction()
              : ((KvCall.Read) call).transaction();
      for (Key key : transaction.keys()) {
        group = cluster.configuration.ownerOf(cluster.configuration.slots().of(key));
        if (leads(group)) {
          return null;
        }
      }
    }
    if (group == null || leads(group)) {
      return null;
    }
    FakeNode leader = cluster.nodes.get(cluster.leaders.getOrDefault(group, 0));
    return ServiceError.notLeader(
        "not the leader of " + group, new ServiceError.Leader(leader.id(), leader.address()));
  }

  private boolean leads(GroupId group) {
    return cluster.leaders.getOrDefault(group, -1) == index;
  }

  /** One stream. */
  private final class FakeKv extends KvService {
    @Override
    protected void session(ReadStream<ClientFrame> in, WriteStream<ServerFrame> out) {
      new Stream(out).listen(in);
    }
  }

  private final class Stream {
    private final WriteStream<ServerFrame> out;
    private @Nullable ClientId client;
    private long watermark;

    Stream(WriteStream<ServerFrame> out) {
      this.out = out;
    }

    void listen(ReadStream<ClientFrame> in) {
      in.exceptionHandler(cause -> {});
      out.exceptionHandler(cause -> {});
      in.handler(this::onFrame);
      in.endHandler(end -> out.end());
    }

    private void onFrame(ClientFrame frame) {
      try {
        ClientId caller = client;
        if (caller == null) {
          SessionHello hello = SessionCodec.decode(frame.getHello());
          client = hello.client();
          greet(hello);
        } else {
          cluster.frames.incrementAndGet();
          watermark = Math.max(watermark, frame.getWatermark());
          onRequests(frame, caller);
        }
      } catch (MalformedMessageException e) {
        out.end();
      }
    }

    private void greet(SessionHello hello) {
      ServiceError told = welcome;
      ServiceError refusal = told == null ? refusalOf(hello.clusterId()) : told;
      SessionWelcome answer =
          refusal != null
              ? new SessionWelcome.Rejected(refusal)
              : new SessionWelcome.Accepted(
                  WireFormat.MAJOR,
                  WireFormat.MINOR,
                  clusterId,
                  id(),
                  cluster.window,
                  cluster.frameBytesMax);
      ServerFrame frame =
          ServerFrame.newBuilder()
              .setTimestamp(now().packed())
              .setWelcome(SessionCodec.encode(answer))
              .build();
      if (refusal == null) {
        out.write(frame);
      } else {
        out.end(frame);
      }
    }

    private void onRequests(ClientFrame frame, ClientId caller) throws MalformedMessageException {
      ServerFrame.Builder answers = ServerFrame.newBuilder();
      for (SessionRequest request : frame.getRequestsList()) {
        cluster.requests.incrementAndGet();
        KvCall call = CallCodec.decode(request, caller, watermark);
        cluster.store.note(call);
        react(call, request.getCorrelation(), answers);
      }
      if (answers.getAnswersCount() > 0) {
        send(answers);
      }
    }

    private void send(ServerFrame.Builder answers) {
      out.write(answers.setTimestamp(now().packed()).build());
    }

    private void react(KvCall call, long correlation, ServerFrame.Builder answers) {
      Reaction reaction = cluster.script.react(FakeNode.this, call);
      if (reaction instanceof Reaction.Refuse refuse) {
        answers.addAnswers(CallCodec.encode(new KvAnswer.Failed(refuse.error()), correlation));
        return;
      } else if (reaction instanceof Reaction.CloseBefore) {
        connections.forEach(HttpConnection::close);
        return;
      } else if (reaction instanceof Reaction.Ignore) {
        return;
      }
      ServiceError refusal = refusal(call);
      if (refusal != null) {
        answers.addAnswers(CallCodec.encode(new KvAnswer.Failed(refusal), correlation));
        return;
      }
      KvAnswer answer = cluster.store.carryOut(call, cluster.configuration);
      SessionAnswer wire = CallCodec.encode(answer, correlation);
      if (reaction instanceof Reaction.Answer) {
        answers.addAnswers(wire);
      } else if (reaction instanceof Reaction.AnswerTwice) {
        answers.addAnswers(wire).addAnswers(wire);
      } else if (reaction instanceof Reaction.CloseAfter) {
        connections.forEach(HttpConnection::close);
      } else if (reaction instanceof Reaction.Garble) {
        answers.addAnswers(SessionAnswer.newBuilder().setCorrelation(correlation));
      } else if (reaction instanceof Reaction.Confuse) {
        answers.addAnswers(
            CallCodec.encode(new KvAnswer.Page(new ScanPage(List.of(), false, 1)), correlation));
      } else if (reaction instanceof Reaction.DoneButSays says) {
        answers.addAnswers(CallCodec.encode(new KvAnswer.Failed(says.error()), correlation));
      } else if (reaction instanceof Reaction.Delay delay) {
        cluster.vertx.setTimer(
            delay.millis(), timer -> send(ServerFrame.newBuilder().addAnswers(wire)));
      }
    }
  }

  private final class FakeShards extends ShardsService {
    @Override
    public Future<ConfigurationResponse> query(QueryRequest request) {
      cluster.queries.incrementAndGet();
      ServiceError refusal = refusalOf(request.getHeader().getClusterId());
      return Future.succeededFuture(
          refusal != null
              ? ShardsCodec.encode(refusal, now())
              : ShardsCodec.encode(
                  new ClusterView(cluster.configuration, cluster.addressMap(), false), now()));
    }

    @Override
    public Future<ConfigurationResponse> move(MoveRequest request) {
      if (index != 0) {
        FakeNode leader = cluster.nodes.get(0);
        return Future.succeededFuture(
            ShardsCodec.encode(
                ServiceError.notLeader(
                    "not the controller's leader",
                    new ServiceError.Leader(leader.id(), leader.address())),
                now()));
      }
      cluster.giveAllTo(new GroupId(request.getGroup()));
      return query(QueryRequest.getDefaultInstance());
    }
  }

  private final class FakeStatus extends StatusService {
    @Override
    public Future<StatusResponse> get(StatusRequest request) {
      ServiceError refusal = refusalOf(request.getHeader().getClusterId());
      return Future.succeededFuture(
          refusal != null
              ? StatusCodec.encode(refusal, now())
              : StatusCodec.encode(
                  new NodeStatus(
                      clusterId,
                      id(),
                      address(),
                      "0",
                      1,
                      NodeStatus.Clock.RIGHT,
                      1,
                      List.of(),
                      List.of(),
                      List.of()),
                  now()));
    }
  }
}
