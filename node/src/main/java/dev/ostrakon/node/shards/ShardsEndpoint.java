package dev.ostrakon.node.shards;

import dev.ostrakon.controller.ConfigurationQuery;
import dev.ostrakon.controller.ControllerAnswer;
import dev.ostrakon.controller.ControllerCommand;
import dev.ostrakon.controller.ControllerRequest;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.hlc.Observation;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.ClusterName;
import dev.ostrakon.node.cluster.Routes;
import dev.ostrakon.protocol.CallIds;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.MalformedMessageException;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.ShardsCall;
import dev.ostrakon.protocol.ShardsCodec;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.JoinRequest;
import dev.ostrakon.protocol.v1.LeaveRequest;
import dev.ostrakon.protocol.v1.MoveRequest;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RebalanceRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.ShardsService;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The {@code Shards} service of a node. Any event loop. */
public final class ShardsEndpoint extends ShardsService {
  private final Supplier<Optional<LocalController>> controller;
  private final ClusterName cluster;
  private final ClusterMap map;
  private final HybridLogicalClock clock;
  private final CallIds ids;
  private final int requestMillis;
  private final ControllerForwarding forwarding;

  /**
   * The service.
   *
   * @param controller the replica on this node, if there is one yet
   * @param ids for calls that bring none
   * @param requestMillis how long a call waits that does not say
   * @param forwarding for what only the controller's leader can do
   */
  public ShardsEndpoint(
      Supplier<Optional<LocalController>> controller,
      ClusterName cluster,
      ClusterMap map,
      HybridLogicalClock clock,
      CallIds ids,
      int requestMillis,
      ControllerForwarding forwarding) {
    this.controller = controller;
    this.cluster = cluster;
    this.map = map;
    this.clock = clock;
    this.ids = ids;
    this.requestMillis = requestMillis;
    this.forwarding = forwarding;
  }

  @Override
  public Future<ConfigurationResponse> query(QueryRequest request) {
    return decoded(request.getHeader(), () -> query(request, ShardsCodec.decode(request)));
  }

  private Future<ConfigurationResponse> query(QueryRequest request, ShardsCall.Query query) {
    Optional<Configuration> known = map.routes().map(Routes::configuration);
    if (query.mayBeStale() && isKnown(query, known)) {
      return Future.succeededFuture(view(known.orElseThrow(), false));
    }
    return answered(
        controller()
            .compose(
                local ->
                    local.query(
                        ConfigurationQuery.of(query.number()), timeoutMillis(request.getHeader())))
            .map(configuration -> view(configuration, false)));
  }

  private static boolean isKnown(ShardsCall.Query query, Optional<Configuration> known) {
    return known.isPresent()
        && (query.number() == ShardsCall.LATEST || query.number() == known.get().number());
  }

  @Override
  public Future<ConfigurationResponse> join(JoinRequest request) {
    return decoded(request.getHeader(), () -> join(request, ShardsCodec.decode(request)));
  }

  private Future<ConfigurationResponse> join(JoinRequest request, ShardsCall.Join join) {
    for (NodeId node : join.groups().values().stream().flatMap(List::stream).toList()) {
      if (!map.addresses().containsKey(node)) {
        return failed(
            new ServiceError(
                ErrorCode.UNKNOWN_NODE,
                "node expected among " + map.addresses().keySet() + ", was " + node));
      }
    }
    return change(
        request.getHeader(),
        new ControllerCommand.Join(join.groups()),
        (leader, header) -> leader.join(request.toBuilder().setHeader(header).build()));
  }

  @Override
  public Future<ConfigurationResponse> leave(LeaveRequest request) {
    return decoded(
        request.getHeader(),
        () ->
            change(
                request.getHeader(),
                new ControllerCommand.Leave(ShardsCodec.decode(request).groups()),
                (leader, header) -> leader.leave(request.toBuilder().setHeader(header).build())));
  }

  @Override
  public Future<ConfigurationResponse> move(MoveRequest request) {
    return decoded(request.getHeader(), () -> move(request, ShardsCodec.decode(request)));
  }

  private Future<ConfigurationResponse> move(MoveRequest request, ShardsCall.Move move) {
    return change(
        request.getHeader(),
        new ControllerCommand.Move(move.slot(), move.group()),
        (leader, header) -> leader.move(request.toBuilder().setHeader(header).build()));
  }

  @Override
  public Future<ConfigurationResponse> rebalance(RebalanceRequest request) {
    return decoded(
        request.getHeader(),
        () ->
            change(
                request.getHeader(),
                new ControllerCommand.Rebalance(),
                (leader, header) ->
                    leader.rebalance(request.toBuilder().setHeader(header).build())));
  }

  /** A call that is still to be understood. */
  private interface Encoded {
    Future<ConfigurationResponse> answer() throws MalformedMessageException;
  }

  private Future<ConfigurationResponse> decoded(RequestHeader header, Encoded call) {
    Optional<ServiceError> refusal = cluster.refusalOf(header);
    if (refusal.isPresent()) {
      return failed(refusal.get());
    }
    try {
      return call.answer();
    } catch (MalformedMessageException e) {
      return failed(new ServiceError(ErrorCode.INVALID, String.valueOf(e.getMessage())));
    }
  }

  private Future<ConfigurationResponse> change(
      RequestHeader header, ControllerCommand command, ControllerForwarding.Forwarded call) {
    ControllerRequest request;
    try {
      request = request(header, command);
    } catch (IllegalArgumentException e) {
      return failed(new ServiceError(ErrorCode.INVALID, String.valueOf(e.getMessage())));
    }
    if (clock.observe(request.issuedAt()) instanceof Observation.Refused skewed) {
      return failed(ServiceError.clockSkew(map.self(), skewed));
    }
    int timeoutMillis = timeoutMillis(header);
    long deadlineNanos = forwarding.deadlineNanos(timeoutMillis);
    return answered(
        controller()
            .compose(
                local ->
                    local
                        .change(request, timeoutMillis)
                        .compose(answer -> viewAfter(local, answer, timeoutMillis)))
            .recover(
                cause ->
                    cause instanceof NotControllerException elsewhere
                        ? forwarding.forward(
                            leader(elsewhere), headerOf(request, header), deadlineNanos, call)
                        : Future.failedFuture(cause)));
  }

  private Optional<NodeId> leader(NotControllerException elsewhere) {
    return elsewhere.leader().or(() -> map.leaderOf(GroupId.CONTROLLER));
  }

  /** The header of a request that has got an id, so that it keeps it. */
  private static RequestHeader headerOf(ControllerRequest request, RequestHeader header) {
    return header.toBuilder()
        .setClientHigh(request.id().client().high())
        .setClientLow(request.id().client().low())
        .setSequence(request.id().sequence())
        .setIssuedAt(request.issuedAt().packed())
        .setWatermark(request.acknowledgedThrough())
        .build();
  }

  private Future<ConfigurationResponse> viewAfter(
      LocalController local, ControllerAnswer answer, int timeoutMillis) {
    boolean changed = answer instanceof ControllerAnswer.Reconfigured;
    long number =
        answer instanceof ControllerAnswer.Reconfigured made
            ? made.number()
            : ((ControllerAnswer.Unchanged) answer).number();
    return local
        .query(new ConfigurationQuery.Numbered(number), timeoutMillis)
        .map(configuration -> view(configuration, changed));
  }

  private ControllerRequest request(RequestHeader header, ControllerCommand command) {
    if (header.getSequence() == 0) {
      return new ControllerRequest(ids.next(), ids.now(), 0, command);
    }
    ClientId client = new ClientId(header.getClientHigh(), header.getClientLow());
    return ControllerRequest.of(
        new RequestId(client, header.getSequence()),
        HybridTimestamp.fromPacked(header.getIssuedAt()),
        Acknowledgement.upTo(header.getWatermark()),
        command);
  }

  private Future<LocalController> controller() {
    return controller
        .get()
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(new NotControllerException(map.leaderOf(GroupId.CONTROLLER))));
  }

  private int timeoutMillis(RequestHeader header) {
    int asked = header.getTimeoutMillis();
    return asked <= 0 ? requestMillis : Math.min(asked, 10 * requestMillis);
  }

  private ConfigurationResponse view(Configuration configuration, boolean changed) {
    return ShardsCodec.encode(
        new ClusterView(configuration, map.addresses(), changed), clock.now());
  }

  private Future<ConfigurationResponse> answered(Future<ConfigurationResponse> answer) {
    return answer.recover(
        cause -> {
          if (cause instanceof ShardsException refused) {
            return failed(refused.error());
          } else if (cause instanceof NotControllerException elsewhere) {
            return failed(map.notLeader(GroupId.CONTROLLER, elsewhere.leader()));
          }
          return failed(new ServiceError(ErrorCode.INTERNAL, String.valueOf(cause)));
        });
  }

  private Future<ConfigurationResponse> failed(ServiceError error) {
    return Future.succeededFuture(ShardsCodec.encode(error, clock.now()));
  }
}
