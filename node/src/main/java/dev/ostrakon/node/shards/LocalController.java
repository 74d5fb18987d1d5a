package dev.ostrakon.node.shards;

import dev.ostrakon.controller.ConfigurationQuery;
import dev.ostrakon.controller.ControllerAnswer;
import dev.ostrakon.controller.ControllerEntry;
import dev.ostrakon.controller.ControllerRefusal;
import dev.ostrakon.controller.ControllerRequest;
import dev.ostrakon.controller.ControllerStateMachine;
import dev.ostrakon.controller.EntryCodec;
import dev.ostrakon.controller.QueryAnswer;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.ReadResult;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Function;

/**
 * The replica of the shard controller on this node. Any thread. Callers get their answers in a turn
 * of their own, so that what goes wrong with one, such as a lost connection, stays with it.
 */
public final class LocalController {
  private final Scheduler owner;
  private final Replica<ControllerAnswer> replica;
  private final ControllerStateMachine machine;
  private final HybridLogicalClock clock;
  private final Function<ReplicaId, Optional<NodeId>> nodes;

  /**
   * The controller behind a replica.
   *
   * @param owner the event loop of the replica
   * @param nodes the node of each replica
   */
  public LocalController(
      Scheduler owner,
      Replica<ControllerAnswer> replica,
      ControllerStateMachine machine,
      HybridLogicalClock clock,
      Function<ReplicaId, Optional<NodeId>> nodes) {
    this.owner = owner;
    this.replica = replica;
    this.machine = machine;
    this.clock = clock;
    this.nodes = nodes;
  }

  /** The newest configuration that this replica knows, perhaps not the newest there is. */
  Future<Optional<Configuration>> newest() {
    Promise<Optional<Configuration>> answer = Promise.promise();
    owner.execute(() -> answer.complete(machine.newestConfiguration()));
    return answer.future();
  }

  /** Whether this replica leads. */
  Future<Boolean> isLeader() {
    Promise<Boolean> answer = Promise.promise();
    owner.execute(() -> answer.complete(replica.leadingTerm() != 0));
    return answer.future();
  }

  /**
   * A configuration, as of after the call; fails with {@link ShardsException}.
   *
   * @param timeoutMillis from now
   */
  Future<Configuration> query(ConfigurationQuery query, int timeoutMillis) {
    Promise<Configuration> answer = Promise.promise();
    owner.execute(
        () ->
            replica.read(
                owner.nowNanos() + timeoutMillis * 1_000_000L,
                result -> {
                  if (result == ReadResult.READY) {
                    machine.query(query, new Querying(owner, answer));
                  } else {
                    answer.fail(
                        new ShardsException(
                            new ServiceError(
                                ErrorCode.UNAVAILABLE,
                                "the shard controller has no leader at present")));
                  }
                }));
    return answer.future();
  }

  /**
   * Carries a command out; the answer is never a refusal, for that fails with {@link
   * ShardsException}.
   *
   * @param timeoutMillis from now
   */
  Future<ControllerAnswer> change(ControllerRequest request, int timeoutMillis) {
    Promise<ControllerAnswer> answer = Promise.promise();
    owner.execute(
        () ->
            replica.propose(
                EntryCodec.encode(new ControllerEntry(clock.now(), request)),
                owner.nowNanos() + timeoutMillis * 1_000_000L,
                outcome -> owner.execute(() -> onOutcome(outcome, answer))));
    return answer.future();
  }

  private void onOutcome(
      ProposalOutcome<ControllerAnswer> outcome, Promise<ControllerAnswer> answer) {
    if (outcome instanceof ProposalOutcome.Applied<ControllerAnswer> applied) {
      if (applied.result() instanceof ControllerAnswer.Refused refused) {
        answer.fail(new ShardsException(errorOf(refused.refusal())));
      } else {
        answer.complete(applied.result());
      }
    } else if (outcome instanceof ProposalOutcome.NotLeader<ControllerAnswer> elsewhere) {
      ReplicaId hint = elsewhere.leaderHint();
      answer.fail(new NotControllerException(hint.isNone() ? Optional.empty() : nodes.apply(hint)));
    } else if (outcome instanceof ProposalOutcome.Overloaded<ControllerAnswer>) {
      answer.fail(
          new ShardsException(ServiceError.overloaded("the shard controller is busy", 100)));
    } else {
      answer.fail(
          new ShardsException(
              new ServiceError(
                  ErrorCode.OUTCOME_UNKNOWN, "the shard controller lost sight of the request")));
    }
  }

  private static ServiceError errorOf(ControllerRefusal refusal) {
    ErrorCode code =
        switch (refusal.reason()) {
          case GROUP_EXISTS -> ErrorCode.GROUP_EXISTS;
          case UNKNOWN_GROUP -> ErrorCode.UNKNOWN_GROUP;
          case UNKNOWN_SLOT -> ErrorCode.UNKNOWN_SLOT;
          case NO_NODES,
              DUPLICATE_NODE,
              RESERVED_GROUP,
              ALREADY_FOUNDED,
              MALFORMED,
              REQUEST_REUSED ->
              ErrorCode.INVALID;
          case UNKNOWN_CONFIGURATION -> ErrorCode.UNKNOWN_CONFIGURATION;
          case MOVEMENT_NOT_AVAILABLE -> ErrorCode.UNSUPPORTED;
          case LIMIT_EXCEEDED -> ErrorCode.LIMIT_EXCEEDED;
          case OUTCOME_FORGOTTEN -> ErrorCode.WINDOW_PASSED;
          case NOT_FOUNDED -> ErrorCode.UNAVAILABLE;
          case OVERLOADED -> ErrorCode.OVERLOADED;
        };
    return new ServiceError(code, refusal.detail());
  }

  private static final class Querying implements Callback<QueryAnswer> {
    private final Scheduler owner;
    private final Promise<Configuration> answer;

    Querying(Scheduler owner, Promise<Configuration> answer) {
      this.owner = owner;
      this.answer = answer;
    }

    @Override
    public void succeeded(QueryAnswer value) {
      owner.execute(
          () -> {
            if (value instanceof QueryAnswer.Found found) {
              answer.complete(found.configuration());
            } else {
              answer.fail(new ShardsException(errorOf(((QueryAnswer.Refused) value).refusal())));
            }
          });
    }

    @Override
    public void failed(StorageException cause) {
      owner.execute(() -> answer.fail(cause));
    }
  }
}
