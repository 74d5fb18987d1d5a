package dev.ostrakon.simulation.cluster;

import dev.ostrakon.replica.StateMachine;
import dev.ostrakon.simulation.engine.SimulatedClock;
import dev.ostrakon.simulation.engine.SimulatedDisk;
import dev.ostrakon.simulation.engine.SimulatedProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A machine: its clock and disk outlive the processes that run on it.
 *
 * @param <R> the result of a command
 * @param <M> the state machine
 */
public final class SimulatedNode<R, M extends StateMachine<R>> {

  private final int index;
  private final SimulatedClock clock;
  private final SimulatedDisk disk;
  private final List<Member<R, M>> members = new ArrayList<>();
  private @Nullable SimulatedProcess process;
  private int bootCount;
  private boolean hasOtherDisk;

  SimulatedNode(int index, SimulatedClock clock, SimulatedDisk disk) {
    this.index = index;
    this.clock = clock;
    this.disk = disk;
  }

  public int index() {
    return index;
  }

  public SimulatedClock clock() {
    return clock;
  }

  public SimulatedDisk disk() {
    return disk;
  }

  /** The members that live here, in the order of their groups. */
  public List<Member<R, M>> members() {
    return Collections.unmodifiableList(members);
  }

  public boolean isUp() {
    return process != null;
  }

  public boolean isFrozen() {
    SimulatedProcess present = process;
    return present != null && present.isFrozen();
  }

  public Optional<SimulatedProcess> process() {
    return Optional.ofNullable(process);
  }

  /** Whether its disk is not the one that its peers know: they refuse whatever it says. */
  public boolean hasOtherDisk() {
    return hasOtherDisk;
  }

  void replaceDisk() {
    hasOtherDisk = true;
  }

  void add(Member<R, M> member) {
    members.add(member);
  }

  int begin(SimulatedProcess newProcess) {
    process = newProcess;
    bootCount++;
    return bootCount;
  }

  void end() {
    process = null;
  }
}
