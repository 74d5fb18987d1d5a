package dev.ostrakon.benchmarks.load;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Numbered keys, and which group has which. Immutable; any thread. */
final class KeySpace {
  private static final int DIGITS = 5;
  private static final int RADIX = 36; // So that 5 digits suffice for 10 million keys and more.

  private final List<String> names;
  private final Zipf zipf;
  private final List<int[]> byGroup;
  private final List<Zipf> zipfByGroup;

  /**
   * @param prefix the first characters of every key
   * @param theta how skewed draws are, see {@link Zipf}
   */
  KeySpace(String prefix, int count, double theta, Configuration configuration) {
    List<String> made = new ArrayList<>(count);
    TreeMap<GroupId, List<Integer>> groups = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = prefix + digits(i);
      made.add(name);
      GroupId owner = configuration.ownerOf(configuration.slots().of(Key.utf8(name)));
      groups.computeIfAbsent(owner, group -> new ArrayList<>()).add(i);
    }
    names = List.copyOf(made);
    zipf = new Zipf(count, theta);
    byGroup =
        groups.values().stream()
            .map(keys -> keys.stream().mapToInt(Integer::intValue).toArray())
            .toList();
    zipfByGroup = byGroup.stream().map(keys -> new Zipf(keys.length, theta)).toList();
  }

  private static String digits(int number) {
    String digits = Integer.toString(number, RADIX);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** All keys. */
  List<String> names() {
    return names;
  }

  /** Groups that have keys. */
  int groups() {
    return byGroup.size();
  }

  /** One key. */
  String draw(SplittableRandom random) {
    return names.get(zipf.draw(random));
  }

  /** Two different keys, of whatever groups. */
  List<String> drawPair(SplittableRandom random) {
    String first = draw(random);
    String second = draw(random);
    while (first.equals(second)) {
      second = draw(random);
    }
    return List.of(first, second);
  }

  /** One key of each of so many different groups. */
  List<String> drawOfGroups(SplittableRandom random, int count) {
    int[] order = new int[byGroup.size()];
    Arrays.setAll(order, i -> i);
    List<String> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int chosen = i + random.nextInt(order.length - i);
      int group = order[chosen];
      order[chosen] = order[i];
      drawn.add(drawOf(group, random));
    }
    return drawn;
  }

  /** Two different keys of one group, of those that have two. */
  List<String> drawPairOfOneGroup(SplittableRandom random) {
    while (true) {
      int group = random.nextInt(byGroup.size());
      String first = drawOf(group, random);
      String second = drawOf(group, random);
      if (!first.equals(second)) {
        return List.of(first, second);
      }
    }
  }

  private String drawOf(int group, SplittableRandom random) {
    return names.get(byGroup.get(group)[zipfByGroup.get(group).draw(random)]);
  }
}
