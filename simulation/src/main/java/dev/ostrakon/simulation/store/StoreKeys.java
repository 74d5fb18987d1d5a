package dev.ostrakon.simulation.store;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Key;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which keys there are: so many of each kind in each group. */
final class StoreKeys {

  private static final int TRIED = 1_000;

  private final Map<StoreCall.Kind, Map<Integer, List<Key>>> keys =
      new EnumMap<>(StoreCall.Kind.class);

  StoreKeys(Configuration configuration, int perGroup) {
    for (StoreCall.Kind kind : StoreCall.Kind.values()) {
      Map<Integer, List<Key>> byGroup = new TreeMap<>();
      for (int i = 0; i < TRIED; i++) {
        Key key = Key.utf8(prefix(kind) + String.format("%04d", i));
        int group = (int) configuration.ownerOf(configuration.slots().of(key)).number();
        List<Key> ofGroup = byGroup.computeIfAbsent(group, ignored -> new ArrayList<>());
        if (ofGroup.size() < perGroup) {
          ofGroup.add(key);
        }
      }
      keys.put(kind, byGroup);
    }
  }

  /** What every key of a kind begins with. */
  static String prefix(StoreCall.Kind kind) {
    return switch (kind) {
      case LISTS -> "l";
      case REGISTERS -> "r";
      case BANK -> "b";
      case COUNTERS -> "c";
      case MIRRORS -> "m";
    };
  }

  /** The keys of a kind that a group owns, ascending. */
  List<Key> of(StoreCall.Kind kind, int group) {
    return byGroup(kind).getOrDefault(group, List.of());
  }

  /** All keys of a kind, by group. */
  List<Key> of(StoreCall.Kind kind) {
    return byGroup(kind).values().stream().flatMap(List::stream).toList();
  }

  List<Integer> groups() {
    return List.copyOf(byGroup(StoreCall.Kind.LISTS).keySet());
  }

  private Map<Integer, List<Key>> byGroup(StoreCall.Kind kind) {
    return keys.getOrDefault(kind, Map.of());
  }
}
