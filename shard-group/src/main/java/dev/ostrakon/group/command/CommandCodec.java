package dev.ostrakon.group.command;

import dev.ostrakon.group.command.Command.Acknowledge;
import dev.ostrakon.group.command.Command.Adopt;
import dev.ostrakon.group.command.Command.Apply;
import dev.ostrakon.group.command.Command.Execute;
import dev.ostrakon.group.command.Command.Finalise;
import dev.ostrakon.group.command.Command.Forget;
import dev.ostrakon.group.command.Command.Order;
import dev.ostrakon.group.command.Command.Refuse;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Limits;
import dev.ostrakon.model.Slot;
import dev.ostrakon.raft.Bytes;
import java.util.List;

/** The binary form of {@link CommandBatch}, with a version in front. */
public final class CommandCodec {
  /** The only version that is written and read. */
  public static final int VERSION = 2;

  /** What bytes turned out to be. */
  public sealed interface Decoded {
    /** A batch. */
    record Intact(CommandBatch batch) implements Decoded {}

    /** Not the work of an encoder; every replica finds the same and skips it. */
    record Malformed(String reason) implements Decoded {}

    /** Written by another version: to skip it would make this replica differ from others. */
    record OtherVersion(int version) implements Decoded {}
  }

  /**
   * The wall part from which on a command's timestamp is nonsense, the year 6429: so that adding to
   * one that was logged never leaves the range.
   */
  private static final long WALL_MILLIS_LIMIT = 1L << 47;

  private CommandCodec() {}

  /** The binary form of a batch. */
  public static Bytes encode(CommandBatch batch) {
    BatchWriter out = new BatchWriter();
    batch.commands().forEach(out::add);
    return out.toBytes(batch.timestamp());
  }

  /** Reads a batch; never throws. */
  public static Decoded decode(Bytes bytes) {
    try {
      ByteReader in = new ByteReader(bytes);
      int version = in.u8();
      if (version < 1) {
        return new Decoded.Malformed("version " + version);
      }
      if (version != VERSION) {
        return new Decoded.OtherVersion(version);
      }
      HybridTimestamp timestamp = timestamp(in);
      ModelDecoder model = new ModelDecoder(in);
      List<Command> commands = model.list(() -> decode(in, model));
      in.requireEnd();
      return new Decoded.Intact(new CommandBatch(timestamp, commands));
    } catch (MalformedException | IllegalArgumentException e) {
      return new Decoded.Malformed(String.valueOf(e.getMessage()));
    }
  }

  private static HybridTimestamp timestamp(ByteReader in) {
    HybridTimestamp timestamp = in.timestamp();
    if (timestamp.wallMillis() >= WALL_MILLIS_LIMIT) {
      throw new MalformedException("the timestamp is out of range: " + timestamp);
    }
    return timestamp;
  }

  static void encode(Command command, ByteWriter out, ModelEncoder model) {
    if (command instanceof Execute execute) {
      model.request(execute.request());
    } else if (command instanceof Order order) {
      model.request(order.request());
      out.timestamp(order.proposed());
      model.groups(order.participants());
      out.varint(order.configuration()).u8(order.isReadOnly() ? 1 : 0);
    } else if (command instanceof Finalise finalise) {
      model.txnId(finalise.txn());
      out.timestamp(finalise.timestamp());
    } else if (command instanceof Refuse refuse) {
      model.txnId(refuse.txn());
      out.timestamp(refuse.issuedAt()).varint(refuse.slots().size());
      refuse.slots().forEach(slot -> out.varint(slot.number()));
    } else if (command instanceof Apply apply) {
      model.txnId(apply.txn());
      out.timestamp(apply.timestamp());
      model.txnOutcome(apply.outcome());
    } else if (command instanceof Forget forget) {
      out.varint(forget.txns().size());
      forget.txns().forEach(model::txnId);
    } else if (command instanceof Adopt adopt) {
      encodeSettings(adopt.settings(), out);
      model.configuration(adopt.configuration());
    } else if (command instanceof Acknowledge acknowledge) {
      out.i64(acknowledge.client().high()).i64(acknowledge.client().low());
      out.timestamp(acknowledge.issuedAt());
      model.acknowledgement(acknowledge.acknowledgement());
    }
  }

  /** Also part of the state's format. */
  public static void encodeSettings(GroupSettings settings, ByteWriter out) {
    Limits limits = settings.limits();
    out.varint(limits.keyBytesMax())
        .varint(limits.valueBytesMax())
        .varint(limits.txnKeysMax())
        .varint(limits.txnBytesMax())
        .varint(limits.txnOperationsMax())
        .varint(settings.windowMillis())
        .varint(settings.horizonMillis())
        .varint(settings.pendingMax());
  }

  /** Also part of the state's format; throws {@link MalformedException}. */
  public static GroupSettings decodeSettings(ByteReader in) {
    Limits limits = new Limits(in.size(), in.size(), in.size(), in.size(), in.size());
    return new GroupSettings(limits, in.varint(), in.varint(), in.size());
  }

  private static Command decode(ByteReader in, ModelDecoder model) {
    int code = in.u8();
    return switch (code) {
      case 1 -> new Execute(model.request());
      case 2 ->
          new Order(model.request(), timestamp(in), model.groups(), in.varint(), in.u8() == 1);
      case 3 -> new Finalise(model.txnId(), timestamp(in));
      case 4 -> new Refuse(model.txnId(), timestamp(in), model.list(() -> new Slot(in.size())));
      case 5 -> new Apply(model.txnId(), timestamp(in), model.txnOutcome());
      case 6 -> new Forget(model.list(model::txnId));
      case 7 -> new Adopt(decodeSettings(in), model.configuration());
      case 8 ->
          new Acknowledge(new ClientId(in.i64(), in.i64()), timestamp(in), model.acknowledgement());
      default -> throw new MalformedException("unknown code of a command: " + code);
    };
  }
}
