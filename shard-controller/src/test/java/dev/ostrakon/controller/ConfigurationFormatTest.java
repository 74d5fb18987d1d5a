package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.group;
import static dev.ostrakon.controller.Samples.nodes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.raft.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ConfigurationFormatTest {
  @Property
  void whole_configurations_survive(@ForAll("configurations") Configuration configuration) {
    Bytes row = ConfigurationFormat.encodeWhole(configuration);

    assertThat(ConfigurationFormat.decodeWhole(row)).isEqualTo(configuration);
  }

  @Property
  void differences_survive(
      @ForAll("configurations") Configuration before,
      @ForAll("configurations") Configuration next) {
    Bytes row = ConfigurationFormat.encodeDelta(before, next);

    assertThat(ConfigurationFormat.decodeDelta(before, row)).isEqualTo(next);
  }

  @Property
  void random_bytes_are_read_or_refused(
      @ForAll byte[] bytes, @ForAll("configurations") Configuration before) {
    byte[] whole = new byte[bytes.length + 2];
    System.arraycopy(bytes, 0, whole, 2, bytes.length);
    for (int kind = 0; kind <= 3; kind++) {
      whole[0] = 1;
      whole[1] = (byte) kind;
      Bytes row = Bytes.copyOf(whole);
      requireReadOrRefused(() -> ConfigurationFormat.decodeWhole(row));
      requireReadOrRefused(() -> ConfigurationFormat.decodeDelta(before, row));
    }
  }

  /** The formats are a promise to disks that exist: if this fails, they could not be read. */
  @Test
  void formats_never_change() {
    Configuration first =
        new Configuration(1, owners(1, 1, 2, 2), groups(Map.of(1L, "a", 2L, "bc")));
    Configuration second =
        new Configuration(2, owners(1, 3, 3, 1), groups(Map.of(1L, "a", 3L, "d")));

    assertThat(hex(ConfigurationFormat.encodeWhole(first)))
        .isEqualTo("0101" + "01" + "02" + "01010161" + "0201026263" + "04" + "0201" + "0202");
    assertThat(hex(ConfigurationFormat.encodeDelta(first, second)))
        .isEqualTo("0102" + "02" + "0102" + "01" + "03010164" + "02" + "010202" + "000101");
  }

  @Test
  void one_move_takes_a_few_bytes_whatever_the_size() {
    List<GroupId> owners = new ArrayList<>(Collections.nCopies(1 << 16, group(1)));
    SortedMap<GroupId, List<NodeId>> groups = groups(Map.of(1L, "a", 2L, "b"));
    Configuration before = new Configuration(70, owners, groups);
    owners.set(65_000, group(2));

    Bytes row = ConfigurationFormat.encodeDelta(before, new Configuration(71, owners, groups));

    assertThat(row.size()).isLessThanOrEqualTo(16);
  }

  @Test
  void newer_version_is_told_from_nonsense() {
    assertThatThrownBy(() -> ConfigurationFormat.decodeWhole(Bytes.copyOf(new byte[] {2, 1})))
        .isInstanceOfSatisfying(
            UnreadableBytesException.class,
            e -> assertThat(e.reason()).isEqualTo(UnreadableBytesException.Reason.NEWER_FORMAT));
  }

  private static void requireReadOrRefused(Runnable read) {
    try {
      read.run();
    } catch (UnreadableBytesException refused) {
      assertThat(refused.reason()).isEqualTo(UnreadableBytesException.Reason.MALFORMED);
    }
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static List<GroupId> owners(long... groups) {
    return Arrays.stream(groups).mapToObj(GroupId::new).toList();
  }

  private static SortedMap<GroupId, List<NodeId>> groups(Map<Long, String> nodes) {
    SortedMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    nodes.forEach((group, node) -> groups.put(group(group), nodes(node)));
    return groups;
  }

  /** Configurations of 16 slots over any of groups 1 to 5, or none. */
  @Provide
  Arbitrary<Configuration> configurations() {
    Arbitrary<Long> number = Arbitraries.longs().greaterOrEqual(0);
    Arbitrary<SortedMap<GroupId, List<NodeId>>> groups =
        Arbitraries.maps(
                Arbitraries.longs().between(1, 5), Arbitraries.of("a", "b-2", "node.number.3"))
            .ofMaxSize(5)
            .map(ConfigurationFormatTest::groups);
    return Combinators.combine(
            number, groups, Arbitraries.integers().between(0, 99).list().ofSize(16))
        .as(
            (id, members, draws) -> {
              List<GroupId> ids = List.copyOf(members.keySet());
              List<GroupId> owners =
                  draws.stream()
                      .map(draw -> ids.isEmpty() ? GroupId.CONTROLLER : ids.get(draw % ids.size()))
                      .toList();
              return new Configuration(id, owners, members);
            });
  }
}
