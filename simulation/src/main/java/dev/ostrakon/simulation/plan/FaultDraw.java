package dev.ostrakon.simulation.plan;

import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.simulation.cluster.ClusterShape;
import dev.ostrakon.simulation.engine.NetworkProfile;
import dev.ostrakon.simulation.fault.Disturbance;
import dev.ostrakon.simulation.fault.FaultProfile;
import dev.ostrakon.simulation.fault.Trigger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Draws a mix of faults: which kinds there are at all, and how often. */
final class FaultDraw {

  private static final List<Disturbance> KINDS = kinds();

  private final RandomSource random;
  private final long unit;

  FaultDraw(RandomSource random, long unit) {
    this.random = random;
    this.unit = unit;
  }

  FaultProfile draw(ClusterShape shape) {
    Map<Disturbance, Double> gaps = drawGaps();
    Map<Trigger, Double> chances = new EnumMap<>(Trigger.class);
    for (Trigger trigger : Trigger.values()) {
      if (random.chance(usefulness(trigger, gaps))) {
        chances.put(trigger, drawChance(trigger));
      }
    }
    List<NetworkProfile> weathers =
        List.of(
            NetworkProfile.GOOD,
            shape.network(),
            ShapeDraw.drawNetwork(random, unit),
            ShapeDraw.drawNetwork(random, unit));
    RandomSource replacing = random.fork("replace-disk");
    if (replacing.chance(0.15)) {
      gaps.put(Disturbance.REPLACE_DISK, Draw.logUniform(replacing, 5, 60));
    }
    RandomSource hanging = random.fork("hang-disk");
    if (hanging.chance(0.15)) {
      gaps.put(Disturbance.HANG_DISK, Draw.logUniform(hanging, 5, 40));
    }
    RandomSource forging = random.fork("forge");
    if (forging.chance(0.15)) {
      gaps.put(Disturbance.FORGE, Draw.logUniform(forging, 1, 20));
    }
    return new FaultProfile(
        gaps,
        chances,
        weathers,
        unit,
        shape.driftPpmMax(),
        random.chance(0.5) ? random.nextDouble() : 0,
        Draw.logUniform(random, 0.3, 8));
  }

  /** A few kinds, which together happen every so many units: some runs are calm, some are not. */
  private Map<Disturbance, Double> drawGaps() {
    double gapOfAll = Draw.logUniform(random, 1.5, 25);
    int wanted = 1 + random.nextInt(6);
    Map<Disturbance, Double> gaps = new EnumMap<>(Disturbance.class);
    while (gaps.size() < wanted) {
      Disturbance kind = KINDS.get(random.nextInt(KINDS.size()));
      gaps.put(kind, gapOfAll * wanted * Draw.logUniform(random, 0.5, 2));
    }
    return gaps;
  }

  /** What aims at leases and reads comes more often: it takes many tries until all of it meets. */
  private static List<Disturbance> kinds() {
    List<Disturbance> kinds = new ArrayList<>(List.of(Disturbance.values()));
    kinds.removeAll(
        List.of( // Drawn apart.
            Disturbance.REPLACE_DISK, Disturbance.HANG_DISK, Disturbance.FORGE));
    kinds.addAll(Collections.nCopies(3, Disturbance.ISOLATE_LEADER_STEPWISE));
    kinds.addAll(Collections.nCopies(2, Disturbance.OUTRUN_LEADER));
    kinds.addAll(Collections.nCopies(2, Disturbance.LATE_ANSWERS));
    kinds.addAll(Collections.nCopies(2, Disturbance.FIGURE_EIGHT));
    kinds.add(Disturbance.TRANSFER);
    return List.copyOf(kinds);
  }

  private static double usefulness(Trigger trigger, Map<Disturbance, Double> gaps) {
    return switch (trigger) {
      case LEADER_ELECTED -> 0.4;
      case HAND_OVER -> gaps.containsKey(Disturbance.TRANSFER) ? 0.7 : 0;
      case CAMPAIGN, VOTE_GRANTED, ACKNOWLEDGED, SNAPSHOT_ENDING, CHECKPOINT_BEGUN -> 0.2;
    };
  }

  private double drawChance(Trigger trigger) {
    return switch (trigger) {
      case LEADER_ELECTED -> Draw.logUniform(random, 0.2, 1);
      case CAMPAIGN -> Draw.logUniform(random, 0.02, 0.3);
      case HAND_OVER -> Draw.logUniform(random, 0.3, 1);
      case VOTE_GRANTED -> Draw.logUniform(random, 0.03, 0.6);
      case ACKNOWLEDGED -> Draw.logUniform(random, 0.0001, 0.003);
      case SNAPSHOT_ENDING -> Draw.logUniform(random, 0.05, 0.4);
      case CHECKPOINT_BEGUN -> Draw.logUniform(random, 0.001, 0.02);
    };
  }
}
