package dev.ostrakon.simulation.fault;

import dev.ostrakon.simulation.engine.NetworkProfile;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which faults happen and how often.
 *
 * @param meanGapUnits mean time between two faults of a kind, in units; kinds that are absent do
 *     not happen
 * @param triggerChances chance that a trigger is pulled when its moment comes
 * @param weathers network profiles to change between
 * @param unitNanos the unit
 * @param driftPpmMax bound of the drifts that {@link Disturbance#DRIFT} draws
 * @param quickRestartChance chance that a crashed node is back within a tenth of a unit
 * @param downUnitsMax longest time that a node stays down otherwise
 */
public record FaultProfile(
    Map<Disturbance, Double> meanGapUnits,
    Map<Trigger, Double> triggerChances,
    List<NetworkProfile> weathers,
    long unitNanos,
    long driftPpmMax,
    double quickRestartChance,
    double downUnitsMax) {
  public FaultProfile {
    meanGapUnits = ordered(Disturbance.class, meanGapUnits);
    triggerChances = ordered(Trigger.class, triggerChances);
    weathers = List.copyOf(weathers);
  }

  /** The same without any fault. */
  public FaultProfile without() {
    return new FaultProfile(
        Map.of(), Map.of(), weathers, unitNanos, driftPpmMax, quickRestartChance, downUnitsMax);
  }

  private static <K extends Enum<K>> Map<K, Double> ordered(Class<K> type, Map<K, Double> map) {
    EnumMap<K, Double> copy = new EnumMap<>(type);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
