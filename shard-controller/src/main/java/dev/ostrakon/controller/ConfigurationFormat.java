package dev.ostrakon.controller;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Bytes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The format of one configuration in the state: whole, or as what changed since the one before.
 *
 * <pre>
 * row    = version=1 (1 whole | 2 delta)
 * whole  = number:varint groups slots:varint (length:varint owner)*      runs that cover all slots
 * delta  = number:varint left groups runs:varint (gap:varint length:varint owner)*
 * left   = count:varint (number:varint)*           groups that are gone, or have other nodes now
 * groups = count:varint (number:varint nodes)*     all groups, or those that are new
 * owner  = varint: 0 for nobody, else position from 1 among this configuration's groups, ascending
 * nodes  = count:varint (length:varint utf8)*
 * </pre>
 *
 * <p>A {@code gap} is the number of slots that stay, between the end of one run and the next.
 */
final class ConfigurationFormat {
  /** A configuration whose number is a multiple of this is stored whole, the others as deltas. */
  static final int WHOLE_INTERVAL = 64;

  private static final int VERSION = 1;
  private static final int WHOLE = 1;
  private static final int DELTA = 2;

  private ConfigurationFormat() {}

  /** The number of the configuration from which on this one can be rebuilt. */
  static long baseOf(long number) {
    return number - number % WHOLE_INTERVAL;
  }

  static Bytes encodeWhole(Configuration configuration) {
    ByteWriter out = new ByteWriter().octet(VERSION).octet(WHOLE);
    out.varint(configuration.number());
    writeGroups(out, configuration.groups());
    List<GroupId> owners = configuration.owners();
    List<GroupId> order = List.copyOf(configuration.groups().keySet());
    out.varint(owners.size());
    for (int from = 0; from < owners.size(); ) {
      int to = endOfRun(owners, from);
      out.varint(to - from).varint(positionOf(owners.get(from), order));
      from = to;
    }
    return out.toBytes();
  }

  static Bytes encodeDelta(Configuration before, Configuration next) {
    ByteWriter out = new ByteWriter().octet(VERSION).octet(DELTA);
    out.varint(next.number());
    List<GroupId> left = missingIn(next.groups(), before.groups());
    out.varint(left.size());
    left.forEach(out::group);
    TreeMap<GroupId, List<NodeId>> joined = new TreeMap<>(next.groups());
    joined.keySet().retainAll(missingIn(before.groups(), next.groups()));
    writeGroups(out, joined);
    writeChanges(out, before.owners(), next);
    return out.toBytes();
  }

  /** The keys of {@code entries} that {@code other} lacks or holds with another value. */
  private static List<GroupId> missingIn(
      SortedMap<GroupId, List<NodeId>> other, SortedMap<GroupId, List<NodeId>> entries) {
    return entries.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(other.get(entry.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void writeGroups(ByteWriter out, SortedMap<GroupId, List<NodeId>> groups) {
    out.varint(groups.size());
    groups.forEach((group, nodes) -> out.group(group).nodes(nodes));
  }

  private static void writeChanges(ByteWriter out, List<GroupId> before, Configuration next) {
    List<GroupId> owners = next.owners();
    List<GroupId> order = List.copyOf(next.groups().keySet());
    ByteWriter runs = new ByteWriter();
    int count = 0;
    int written = 0;
    for (int from = endOfSame(before, owners, 0); from < owners.size(); ) {
      int to = from + 1;
      while (to < owners.size()
          && owners.get(to).equals(owners.get(from))
          && !owners.get(to).equals(before.get(to))) {
        to++;
      }
      runs.varint(from - written).varint(to - from).varint(positionOf(owners.get(from), order));
      count++;
      written = to;
      from = endOfSame(before, owners, to);
    }
    out.varint(count).append(runs);
  }

  private static int endOfRun(List<GroupId> owners, int from) {
    int to = from + 1;
    while (to < owners.size() && owners.get(to).equals(owners.get(from))) {
      to++;
    }
    return to;
  }

  private static int endOfSame(List<GroupId> before, List<GroupId> owners, int from) {
    int to = from;
    while (to < owners.size() && owners.get(to).equals(before.get(to))) {
      to++;
    }
    return to;
  }

  private static int positionOf(GroupId owner, List<GroupId> order) {
    return owner.equals(GroupId.CONTROLLER) ? 0 : Collections.binarySearch(order, owner) + 1;
  }

  /** Rebuilds a configuration that was stored whole. */
  static Configuration decodeWhole(Bytes row) {
    return ByteReader.read(
        row,
        in -> {
          requireKind(in, WHOLE);
          long number = in.varint();
          SortedMap<GroupId, List<NodeId>> groups = readGroups(in);
          GroupId[] owners = new GroupId[RulesFormat.readSlots(in).count()];
          List<GroupId> order = List.copyOf(groups.keySet());
          for (int from = 0; from < owners.length; ) {
            from = readRun(in, owners, from, order);
          }
          return new Configuration(number, List.of(owners), groups);
        });
  }

  /** Rebuilds a configuration from the one before. */
  static Configuration decodeDelta(Configuration before, Bytes row) {
    return ByteReader.read(
        row,
        in -> {
          requireKind(in, DELTA);
          long number = in.varint();
          TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>(before.groups());
          int leftCount = in.count();
          for (int i = 0; i < leftCount; i++) {
            groups.remove(in.group());
          }
          groups.putAll(readGroups(in));
          GroupId[] owners = before.owners().toArray(new GroupId[0]);
          List<GroupId> order = List.copyOf(groups.keySet());
          int runs = in.count();
          int from = 0;
          for (int i = 0; i < runs; i++) {
            int gap = in.smallVarint();
            ByteReader.require(gap <= owners.length - from, "a gap of " + gap);
            from = readRun(in, owners, from + gap, order);
          }
          return new Configuration(number, List.of(owners), groups);
        });
  }

  private static void requireKind(ByteReader in, int expected) {
    in.version(VERSION);
    int kind = in.octet();
    ByteReader.require(kind == expected, "expected kind " + expected + " of row, was " + kind);
  }

  private static SortedMap<GroupId, List<NodeId>> readGroups(ByteReader in) {
    int count = in.count();
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      GroupId group = in.group();
      groups.put(group, in.nodes());
    }
    return groups;
  }

  /** Fills one run of slots and returns where it ends. */
  private static int readRun(ByteReader in, GroupId[] owners, int from, List<GroupId> order) {
    int length = in.smallVarint();
    ByteReader.require(length > 0 && length <= owners.length - from, "a run of " + length);
    int position = in.smallVarint();
    ByteReader.require(position <= order.size(), "an owner at " + position);
    GroupId owner = position == 0 ? GroupId.CONTROLLER : order.get(position - 1);
    Arrays.fill(owners, from, from + length, owner);
    return from + length;
  }
}
