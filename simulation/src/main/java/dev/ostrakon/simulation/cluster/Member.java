package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.simulation.engine.LogImage;
import dev.ostrakon.simulation.engine.ReplicaDisk;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one group through all lives of its node.
 *
 * @param <R> the result of a command
 * @param <M> the state machine
 */
public final class Member<R, M extends StateMachine<R>> {

  private final GroupShape shape;
  private final int node;
  private final ReplicaDisk disk;
  private @Nullable Life<R, M> life;

  Member(GroupShape shape, int node, ReplicaDisk disk) {
    this.shape = shape;
    this.node = node;
    this.disk = disk;
  }

  public int group() {
    return shape.group();
  }

  public int node() {
    return node;
  }

  public ReplicaId id() {
    return GroupShape.replicaOn(node);
  }

  public GroupShape shape() {
    return shape;
  }

  /** What it has durably. */
  public ReplicaDisk disk() {
    return disk;
  }

  /** The present life, if its node is up; the replica may have stopped itself all the same. */
  public Optional<Life<R, M>> life() {
    return Optional.ofNullable(life);
  }

  /** The log as its replica sees it, durable or not; the durable one while it is down. */
  public LogImage log() {
    Life<R, M> present = life;
    return present == null ? disk.log() : present.log().live();
  }

  void begin(Life<R, M> newLife) {
    life = newLife;
  }

  void end() {
    life = null;
  }

  @Override
  public String toString() {
    return "g" + shape.group() + "/" + id();
  }
}
