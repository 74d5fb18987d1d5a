package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.group;
import static dev.ostrakon.controller.Samples.leave;
import static dev.ostrakon.controller.Samples.move;
import static dev.ostrakon.controller.Samples.nodes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.PermitMovement;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.controller.UnreadableBytesException.Reason;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.raft.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntryCodecTest {
  private static final String HEAD =
      "43" // magic
          + "01" // version
          + "0000000000020003" // timestamp: 2 ms, logical 3
          + "0000000000000004" // client, upper half
          + "0000000000000005" // client, lower half
          + "000000000000012c" // sequence 300
          + "0000000000010000" // issued at 1 ms
          + "ab02"; // acknowledged through 299

  @Property
  void every_entry_survives_its_encoding(@ForAll("entries") ControllerEntry entry) {
    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
  }

  /** The format is a promise to logs that exist: if this fails, they could not be read. */
  @ParameterizedTest
  @MethodSource("pinned")
  void format_never_changes(ControllerCommand command, String expected) {
    ControllerRequest request =
        new ControllerRequest(
            new RequestId(new ClientId(4, 5), 300), new HybridTimestamp(1, 0), 299, command);
    ControllerEntry entry = new ControllerEntry(new HybridTimestamp(2, 3), request);

    String hex = HexFormat.of().formatHex(EntryCodec.encode(entry).toByteArray());

    assertThat(hex).isEqualTo(HEAD + expected);
    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
  }

  static Stream<Arguments> pinned() {
    return Stream.of(
        Arguments.of(new Found(ControllerRules.DEFAULTS), "01" + "800201c0cf24904e80200f"),
        Arguments.of(
            Join.of(Map.of(group(1), nodes("b", "a"), group(200), nodes("n1"))),
            "02" + "02" + "01" + "02" + "0162" + "0161" + "c801" + "01" + "026e31"),
        Arguments.of(leave(1, 200), "03" + "02" + "01" + "c801"),
        Arguments.of(move(255, 3), "04" + "ff01" + "03"),
        Arguments.of(new Rebalance(), "05"),
        Arguments.of(new PermitMovement(MovementPolicy.LIVE), "06" + "02"));
  }

  @Property
  void random_bytes_are_read_or_refused(@ForAll byte[] bytes) {
    requireReadOrRefused(bytes);
  }

  @Property
  void damaged_entries_are_read_or_refused(
      @ForAll("entries") ControllerEntry entry,
      @ForAll @IntRange(max = 1000) int position,
      @ForAll byte value) {
    byte[] bytes = EntryCodec.encode(entry).toByteArray();
    bytes[position % bytes.length] = value;

    requireReadOrRefused(bytes);
  }

  @Property
  void shortened_and_lengthened_entries_are_refused(
      @ForAll("entries") ControllerEntry entry, @ForAll @IntRange(max = 1000) int cut) {
    byte[] bytes = EntryCodec.encode(entry).toByteArray();

    requireRefused(Arrays.copyOf(bytes, cut % bytes.length), Reason.MALFORMED);
    requireRefused(Arrays.copyOf(bytes, bytes.length + 1), Reason.MALFORMED);
  }

  @Test
  void newer_version_is_told_from_nonsense() {
    byte[] bytes = HexFormat.of().parseHex(HEAD + "05");
    bytes[1] = 2;
    requireRefused(bytes, Reason.NEWER_FORMAT);
    bytes[1] = 0;
    requireRefused(bytes, Reason.MALFORMED);
    bytes[0] = 1;
    bytes[1] = 2;
    requireRefused(bytes, Reason.MALFORMED);
  }

  @Test
  void unknown_command_is_malformed() {
    requireRefused(HexFormat.of().parseHex(HEAD + "07"), Reason.MALFORMED);
  }

  @Test
  void groups_out_of_order_are_malformed() {
    requireRefused(HexFormat.of().parseHex(HEAD + "03" + "02" + "0201"), Reason.MALFORMED);
    requireRefused(HexFormat.of().parseHex(HEAD + "03" + "02" + "0101"), Reason.MALFORMED);
  }

  @Test
  void count_beyond_the_bytes_takes_no_memory() {
    requireRefused(HexFormat.of().parseHex(HEAD + "03" + "ffffffff07"), Reason.MALFORMED);
  }

  private static void requireRefused(byte[] bytes, Reason reason) {
    assertThatThrownBy(() -> EntryCodec.decode(Bytes.copyOf(bytes)))
        .isInstanceOfSatisfying(
            UnreadableBytesException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  /** Whatever else is thrown fails the test. */
  private static void requireReadOrRefused(byte[] bytes) {
    try {
      ControllerEntry entry = EntryCodec.decode(Bytes.copyOf(bytes));
      assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
    } catch (UnreadableBytesException refused) {
      assertThat(refused.reason()).isIn((Object[]) Reason.values());
    }
  }

  @Provide
  Arbitrary<ControllerEntry> entries() {
    return CommandArbitraries.entries();
  }
}
