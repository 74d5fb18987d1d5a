package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.RecoveredLog;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.LogStorage;
import dev.ostrakon.replica.Replica;
import dev.ostrakon.replica.ReplicaObserver;
import dev.ostrakon.replica.ReplicaPorts;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.simulation.engine.SimulatedLogStorage;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import dev.ostrakon.simulation.engine.SimulatedStateStore;
import dev.ostrakon.simulation.engine.Simulator;

/** Starts members as production does: recover both stores, then the replica on its ports. */
final class MemberStarter<R, M extends StateMachine<R>> {

  /** Where messages of members go. */
  interface Outlet<R, M extends StateMachine<R>> {
    void send(Member<R, M> from, ReplicaId to, RaftMessage message);
  }

  private final Simulator simulator;
  private final ClusterShape shape;
  private final MachineFactory<M> machines;
  private final PortDecorator decorator;
  private final ClusterObserver observer;
  private final Outlet<R, M> outlet;

  MemberStarter(
      Simulator simulator,
      ClusterShape shape,
      MachineFactory<M> machines,
      PortDecorator decorator,
      ClusterObserver observer,
      Outlet<R, M> outlet) {
    this.simulator = simulator;
    this.shape = shape;
    this.machines = machines;
    this.decorator = decorator;
    this.observer = observer;
    this.outlet = outlet;
  }

  /** Starts a life; called by the process that it lives in. */
  Life<R, M> start(Member<R, M> member, SimulatedProcess process, RandomSource random) {
    SimulatedLogStorage log =
        new SimulatedLogStorage(
            simulator,
            process,
            member.disk(),
            random.fork("log"),
            new Witness(member),
            decorator.copiesUnsyncedTail());
    SimulatedStateStore state =
        new SimulatedStateStore(
            new SimulatedStateStore.Place(
                simulator, process, member.disk(), shape.stateStore(), random.fork("state")),
            machines::isReplicated);
    LogStorage logPort = decorator.log(log, process);
    StateStore statePort = decorator.state(state, process);
    RecoveredLog recovered = logPort.recover();
    SnapshotMetadata checkpoint = statePort.recover();
    observer.onRecovered(member);
    M machine = machines.create(member.group(), member.node(), process, statePort);
    Replica.Start start =
        new Replica.Start(
            member.id(),
            shape.config(),
            decorator.rules(),
            random.fork("replica"),
            member.shape().bootstrap(member.node()),
            recovered,
            checkpoint);
    ReplicaPorts ports =
        new ReplicaPorts(
            logPort, statePort, (to, message) -> send(process, member, to, message), process);
    Replica<R> replica =
        new Replica<>(
            start,
            ports,
            new ObservedMachine<>(member, machine, state, observer),
            new MemberObserver(member));
    StateMachine<R> made = machine;
    if (made instanceof HostedMachine<R> hosted) {
      hosted.attach(replica, process);
    }
    Life<R, M> life = new Life<>(process, log, state, machine, replica);
    member.begin(life);
    return life;
  }

  private void send(
      SimulatedProcess process, Member<R, M> member, ReplicaId to, RaftMessage message) {
    if (process.isAlive()) {
      outlet.send(member, to, message);
    }
  }

  private final class Witness implements SimulatedLogStorage.Witness {
    private final Member<R, M> member;

    Witness(Member<R, M> member) {
      this.member = member;
    }

    @Override
    public void onPersist(LogWrite write) {
      observer.onPersist(member, write);
    }

    @Override
    public void onPersisted() {
      observer.onPersisted(member);
    }
  }

  private final class MemberObserver implements ReplicaObserver {
    private final Member<R, M> member;

    MemberObserver(Member<R, M> member) {
      this.member = member;
    }

    @Override
    public void onEvent(ReplicaEvent event) {
      if (simulator.trace().isRead()) {
        simulator.trace().line(member + " " + event);
      }
      observer.onEvent(member, event);
    }

    @Override
    public void onStopped(Throwable cause) {
      simulator.trace().line(member + " stopped: " + cause);
      observer.onStopped(member, cause);
    }
  }
}
