package dev.ostrakon.group.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.group.command.CommandCodec.Decoded;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.Value;
import dev.ostrakon.raft.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class CommandCodecTest {
  private static final TxnId TXN = new TxnId(new RequestId(new ClientId(1, 2), 300), 1);
  private static final String ID = "0000000000000001" + "0000000000000002" + "ac02" + "01";
  private static final Key KEY = Key.utf8("k");

  @Provide
  Arbitrary<CommandBatch> batches() {
    return Commands.batches();
  }

  @Property(tries = 500)
  void what_is_encoded_is_decoded(@ForAll("batches") CommandBatch batch) {
    assertThat(CommandCodec.decode(CommandCodec.encode(batch)))
        .isEqualTo(new Decoded.Intact(batch));
  }

  @Property(tries = 300)
  void a_batch_cut_short_is_malformed(@ForAll("batches") CommandBatch batch, @ForAll int anywhere) {
    byte[] whole = CommandCodec.encode(batch).toByteArray();
    byte[] cut = Arrays.copyOf(whole, Math.floorMod(anywhere, whole.length));

    assertThat(CommandCodec.decode(Bytes.wrap(cut))).isInstanceOf(Decoded.Malformed.class);
  }

  @Property(tries = 1000)
  void no_bytes_make_the_decoder_throw(@ForAll byte[] noise) {
    byte[] bytes = noise.clone();
    if (bytes.length > 0) {
      bytes[0] = CommandCodec.VERSION;
    }
    CommandCodec.decode(Bytes.wrap(bytes));
  }

  @Property(tries = 500)
  void no_flipped_byte_makes_the_decoder_throw(
      @ForAll("batches") CommandBatch batch, @ForAll int anywhere, @ForAll byte flip) {
    byte[] bytes = CommandCodec.encode(batch).toByteArray();
    bytes[Math.floorMod(anywhere, bytes.length)] ^= flip;
    CommandCodec.decode(Bytes.wrap(bytes));
  }

  @Test
  void a_newer_version_is_named() {
    byte[] bytes = CommandCodec.encode(batch(new Command.Forget(List.of()))).toByteArray();
    bytes[0] = 9;

    assertThat(CommandCodec.decode(Bytes.wrap(bytes))).isEqualTo(new Decoded.OtherVersion(9));
  }

  @Test
  void bytes_after_the_end_are_malformed() {
    byte[] bytes = CommandCodec.encode(batch(new Command.Forget(List.of()))).toByteArray();

    assertThat(CommandCodec.decode(Bytes.wrap(Arrays.copyOf(bytes, bytes.length + 1))))
        .isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void a_timestamp_near_the_end_of_time_is_malformed() {
    Bytes bytes =
        CommandCodec.encode(batch(new Command.Finalise(TXN, HybridTimestamp.fromPacked(-1))));

    assertThat(CommandCodec.decode(bytes)).isInstanceOf(Decoded.Malformed.class);
  }

  /** If this fails the format has changed: raise the version. */
  @Test
  void the_format_does_not_change() {
    assertThat(hex(new Command.Execute(request())))
        .isEqualTo(
            "02"
                + "0000000000050001"
                + "01" // version, timestamp, one command
                + "01" // EXECUTE
                + "0000000000000001"
                + "0000000000000002"
                + "ac02"
                + "01" // id
                + "0000000000030000" // issuedAt
                + "07"
                + "01"
                + "02" // acknowledged up to 7, and 9
                + "69a3dfa9" // fingerprint
                + "01"
                + "05"
                + "016b"
                + "05"
                + "0000000000000064" // k >= 100
                + "01"
                + "05"
                + "016b"
                + "ffffffffffffff9c"
                + "01" // add k -100
                + "02"
                + "02"
                + "016b"
                + "0176"
                + "01"
                + "016b"); // put k v, get k
    List<GroupId> participants = List.of(new GroupId(1), new GroupId(2));
    assertThat(hex(new Command.Order(request(), time(4), participants, 300)))
        .endsWith("0000000000040000" + "02" + "01" + "02" + "ac02" + "00");
    assertThat(hex(new Command.Finalise(TXN, time(4)))).endsWith("03" + ID + "0000000000040000");
    assertThat(hex(new Command.Refuse(TXN, time(3), List.of(new Slot(300)))))
        .endsWith("04" + ID + "0000000000030000" + "01" + "ac02");
    assertThat(hex(new Command.Apply(TXN, time(4), new TxnOutcome.Commit(Branch.OTHERWISE))))
        .endsWith("05" + ID + "0000000000040000" + "01" + "02");
    Refusal refusal = new Refusal(Refusal.Reason.NOT_ORDERED, "x");
    assertThat(hex(new Command.Apply(TXN, time(4), new TxnOutcome.Abort(refusal))))
        .endsWith("05" + ID + "0000000000040000" + "02" + "08" + "0178");
    assertThat(hex(new Command.Forget(List.of(TXN)))).endsWith("06" + "01" + ID);
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    groups.put(new GroupId(1), List.of(new NodeId("a")));
    Configuration configuration = new Configuration(2, List.of(new GroupId(1)), groups);
    assertThat(hex(new Command.Adopt(GroupSettings.DEFAULTS, configuration)))
        .endsWith(
            "07"
                + "8008"
                + "808040"
                + "8008"
                + "80808002"
                + "904e"
                + "c0cf24"
                + "e0d403"
                + "a08d06"
                + "02"
                + "01"
                + "01"
                + "01"
                + "01"
                + "01"
                + "0161");
  }

  private static Request request() {
    return new Request(
        TXN,
        time(3),
        new Acknowledgement(7, List.of(9L)),
        new Transaction(
            List.of(new Condition.NumberIs(KEY, Condition.Comparison.GREATER_OR_EQUAL, 100)),
            List.of(new Operation.Add(KEY, -100, true)),
            List.of(new Operation.Put(KEY, Value.utf8("v")), new Operation.Get(KEY))));
  }

  private static HybridTimestamp time(long millis) {
    return new HybridTimestamp(millis, 0);
  }

  private static CommandBatch batch(Command command) {
    return new CommandBatch(new HybridTimestamp(5, 1), List.of(command));
  }

  private static String hex(Command command) {
    return HexFormat.of().formatHex(CommandCodec.encode(batch(command)).toByteArray());
  }
}
