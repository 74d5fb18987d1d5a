package dev.ostrakon.node.interim;

import dev.ostrakon.group.BatchResult;
import dev.ostrakon.group.CommandResult;
import dev.ostrakon.group.ShardObserver;
import dev.ostrakon.group.ShardStateMachine;
import dev.ostrakon.group.command.Command;
import dev.ostrakon.group.command.CommandBatch;
import dev.ostrakon.group.command.CommandCodec;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.ProposalOutcome;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.Scheduler;
import dev.ostrakon.replica.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Logs each request alone, reads too; no transactions over several groups. */
public final class ShardFront {
  private final GroupId group;
  private final HybridLogicalClock clock;
  private final Function<ReplicaId, Optional<NodeId>> nodes;
  private final ClientId reader;
  private @Nullable Replica<BatchResult> replica;
  private @Nullable ShardStateMachine machine;
  private long reads;

  public ShardFront(
      GroupId group,
      HybridLogicalClock clock,
      ShardFrontConfig config,
      Function<ReplicaId, Optional<NodeId>> nodes) {
    this.group = group;
    this.clock = clock;
    this.nodes = nodes;
    this.reader = new ClientId(config.commandsMax(), System.nanoTime());
  }

  public ShardStateMachine machine(StateStore store) {
    ShardStateMachine made = new ShardStateMachine(group, store, ShardObserver.NONE);
    machine = made;
    return made;
  }

  public void attach(Replica<BatchResult> core, Scheduler owner) {
    if (owner.isOwner()) {
      replica = core;
    }
  }

  public void tick() {}

  public boolean isLeading() {
    return replica != null && replica.leadingTerm() != 0;
  }

  public boolean hasConfiguration() {
    return machine != null && machine.isLoaded() && machine.hasConfiguration();
  }

  public long configurationNumber() {
    return machine == null ? 0 : machine.configurationNumber();
  }

  public FrontCounters counters() {
    return new FrontCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  public List<OverdueTxn> overdue(long millis, int max) {
    return List.of();
  }

  public void adopt(
      GroupSettings settings,
      Configuration configuration,
      long deadlineNanos,
      Consumer<FrontAnswer<CommandResult>> done) {
    propose(new Command.Adopt(settings, configuration), deadlineNanos, done);
  }

  private void propose(
      Command command, long deadlineNanos, Consumer<FrontAnswer<CommandResult>> done) {
    Replica<BatchResult> core = replica;
    if (core == null) {
      done.accept(new FrontAnswer.NotLeader<>(Optional.empty()));
      return;
    }
    core.propose(
        CommandCodec.encode(new CommandBatch(clock.now(), List.of(command))),
        deadlineNanos,
        outcome -> done.accept(answerOf(outcome)));
  }

  private FrontAnswer<CommandResult> answerOf(ProposalOutcome<BatchResult> outcome) {
    if (outcome instanceof ProposalOutcome.Applied<BatchResult> applied) {
      return new FrontAnswer.Done<>(applied.result().results().get(0));
    } else if (outcome instanceof ProposalOutcome.NotLeader<BatchResult> elsewhere) {
      return new FrontAnswer.NotLeader<>(nodes.apply(elsewhere.leaderHint()));
    } else if (outcome instanceof ProposalOutcome.Overloaded<BatchResult>) {
      return new FrontAnswer.Overloaded<>(20);
    }
    return new FrontAnswer.Unknown<>();
  }

  public void execute(
      Request request, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> done) {
    propose(
        new Command.Execute(request),
        deadlineNanos,
        answer ->
            done.accept(
                answer.then(
                    result -> {
                      if (result instanceof CommandResult.Executed executed) {
                        return new FrontAnswer.Done<>(executed.outcome());
                      } else if (result instanceof CommandResult.Denied denied) {
                        return new FrontAnswer.Denied<>(denied.refusal());
                      }
                      return new FrontAnswer.Unknown<>();
                    })));
  }

  public void read(
      Transaction transaction, long deadlineNanos, Consumer<FrontAnswer<RequestOutcome>> done) {
    reads++;
    TxnId id = new TxnId(new RequestId(reader, reads), 1);
    execute(
        new Request(id, clock.now(), Acknowledgement.upTo(reads - 1), transaction),
        deadlineNanos,
        done);
  }

  public void scan(ScanSpec spec, long deadlineNanos, Consumer<FrontAnswer<ScanResult>> done) {
    done.accept(new FrontAnswer.Overloaded<>(spec.limit()));
  }

  public void outcome(
      RequestId request,
      List<Key> keys,
      HybridTimestamp issuedAt,
      long deadlineNanos,
      Consumer<FrontAnswer<RequestReport>> done) {
    done.accept(new FrontAnswer.Unknown<>());
  }

  public void participate(
      ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
    done.accept(new ParticipantAnswer.Lost());
  }
}
