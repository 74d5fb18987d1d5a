package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerAnswer.Refused;
import dev.ostrakon.controller.ControllerAnswer.Unchanged;
import dev.ostrakon.controller.ControllerRefusal.Reason;
import dev.ostrakon.controller.StateRows.Head;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.raft.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateRowsTest {
  /** The formats are a promise to disks that exist: if this fails, they could not be read. */
  @Test
  void formats_never_change() {
    RequestId id = new RequestId(new ClientId(1, 2), 3);
    Refused refused = new Refused(new ControllerRefusal(Reason.UNKNOWN_SLOT, "no"));

    assertThat(hex(StateRows.head(new Head(at(2), at(1), 300, ControllerRules.DEFAULTS))))
        .isEqualTo(
            "01" + "0000000000020000" + "0000000000010000" + "ac02" + "800201c0cf24904e80200f");
    assertThat(hex(StateRows.pinned(slots(0, 1, 5, 200)))).isEqualTo("01" + "04" + "000003c201");
    assertThat(hex(StateRows.HEAD_KEY)).isEqualTo("01");
    assertThat(hex(StateRows.PINNED_KEY)).isEqualTo("02");
    assertThat(hex(StateRows.finishedKey(id)))
        .isEqualTo("03" + "0000000000000001" + "0000000000000002" + "0000000000000003");
    assertThat(hex(StateRows.configurationKey(258))).isEqualTo("04" + "0000000000000102");
    assertThat(hex(StateRows.finished(FinishedRequest.acknowledged(at(1)))))
        .isEqualTo("02" + "0000000000010000" + "00");
    assertThat(hex(finished(new Reconfigured(7))))
        .isEqualTo("02" + "0000000000010000" + "01" + "ffffffff0f" + "07");
    assertThat(hex(finished(new Unchanged(7))))
        .isEqualTo("02" + "0000000000010000" + "02" + "ffffffff0f" + "07");
    assertThat(hex(finished(refused)))
        .isEqualTo("02" + "0000000000010000" + "03" + "ffffffff0f" + "03" + "026e6f");
  }

  @ParameterizedTest
  @EnumSource
  void every_reason_survives(Reason reason) {
    Refused refused = new Refused(new ControllerRefusal(reason, "détail"));
    FinishedRequest request = FinishedRequest.answered(at(1), 77, refused);

    assertThat(StateRows.readFinished(StateRows.finished(request))).isEqualTo(request);
  }

  @Property
  void heads_survive(
      @ForAll long clock, @ForAll long floor, @ForAll("rules") ControllerRules rules) {
    Head head = new Head(at(clock >>> 16), at(floor >>> 16), Math.max(0, clock), rules);

    assertThat(StateRows.readHead(StateRows.head(head))).isEqualTo(head);
  }

  @Property
  void pinned_slots_survive(@ForAll("slotSets") SortedSet<Slot> slots) {
    assertThat(StateRows.readPinned(StateRows.pinned(slots))).isEqualTo(slots);
  }

  @Property
  void random_bytes_are_read_or_refused(@ForAll byte[] bytes) {
    byte[] versioned = Arrays.copyOf(bytes, Math.max(1, bytes.length));
    versioned[0] = 1;
    Bytes row = Bytes.wrap(versioned);
    requireReadOrRefused(() -> StateRows.readHead(row));
    requireReadOrRefused(() -> StateRows.readPinned(row));
    requireReadOrRefused(() -> StateRows.readFinishedKey(row));
    byte[] finished = versioned.clone();
    finished[0] = 2;
    requireReadOrRefused(() -> StateRows.readFinished(Bytes.wrap(finished)));
  }

  private static void requireReadOrRefused(Runnable read) {
    try {
      read.run();
    } catch (UnreadableBytesException refused) {
      assertThat(refused.reason()).isEqualTo(UnreadableBytesException.Reason.MALFORMED);
    }
  }

  private static Bytes finished(ControllerAnswer answer) {
    return StateRows.finished(FinishedRequest.answered(at(1), -1, answer));
  }

  private static SortedSet<Slot> slots(int... numbers) {
    TreeSet<Slot> slots = new TreeSet<>();
    Arrays.stream(numbers).forEach(number -> slots.add(new Slot(number)));
    return slots;
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Provide
  Arbitrary<SortedSet<Slot>> slotSets() {
    return Arbitraries.integers().between(0, 65_535).map(Slot::new).set().map(TreeSet::new);
  }

  @Provide
  Arbitrary<ControllerRules> rules() {
    return CommandArbitraries.rules();
  }
}
