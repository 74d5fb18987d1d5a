package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.Leave;
import dev.ostrakon.controller.ControllerCommand.Move;
import dev.ostrakon.controller.ControllerCommand.PermitMovement;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.raft.Bytes;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The format of entries in the log.
 *
 * <pre>
 * entry     = magic=0x43 version=1 timestamp:u64 request issuedAt:u64
 *             acknowledgedThrough:varint command
 * request   = clientHigh:u64 clientLow:u64 sequence:u64
 * command   = 1 rules                                  found
 *           | 2 count:varint (group nodes)*            join, ascending by group
 *           | 3 count:varint group*                    leave, ascending
 *           | 4 slot:varint group                      move
 *           | 5                                        rebalance
 *           | 6 policy                                 permit movement
 * rules     = slots:varint policy windowMillis:varint finishedRequestsMax:varint groupsMax:varint
 *             nodesPerGroupMax:varint
 * policy    = 1 (INITIAL_ONLY) | 2 (LIVE)
 * group     = number:varint
 * nodes     = count:varint (length:varint utf8)*
 * </pre>
 *
 * <p>A new kind of command is a new version: a replica that skipped what others carry out would no
 * longer be one of them. The magic tells a newer version from bytes that are no entry at all.
 */
public final class EntryCodec {
  private static final int MAGIC = 'C';
  private static final int VERSION = 1;

  private EntryCodec() {}

  /** The bytes to propose. */
  public static Bytes encode(ControllerEntry entry) {
    ControllerRequest request = entry.request();
    ByteWriter out = new ByteWriter();
    out.octet(MAGIC)
        .octet(VERSION)
        .timestamp(entry.timestamp())
        .request(request.id())
        .timestamp(request.issuedAt())
        .varint(request.acknowledgedThrough());
    return request.command().choose(new CommandWriter(out)).toBytes();
  }

  /**
   * The inverse of {@link #encode}.
   *
   * @throws UnreadableBytesException if the bytes are none of its results
   */
  public static ControllerEntry decode(Bytes bytes) {
    return ByteReader.read(bytes, EntryCodec::readEntry);
  }

  /** Tells two commands apart that were sent under one id: a checksum of their bytes. */
  static int fingerprint(ControllerCommand command) {
    Bytes bytes = command.choose(new CommandWriter(new ByteWriter())).toBytes();
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.toByteArray());
    return (int) checksum.getValue();
  }

  /** Whether an entry is of a format that is known here, by its first bytes. */
  static boolean isReadable(Bytes bytes) {
    return bytes.size() < 2 || bytes.at(0) != MAGIC || (bytes.at(1) & 0xFF) <= VERSION;
  }

  private static ControllerEntry readEntry(ByteReader in) {
    ByteReader.require(in.octet() == MAGIC, "the bytes do not start like an entry");
    in.version(VERSION);
    HybridTimestamp timestamp = in.timestamp();
    RequestId id = in.request();
    HybridTimestamp issuedAt = in.timestamp();
    long acknowledgedThrough = in.varint();
    return new ControllerEntry(
        timestamp, new ControllerRequest(id, issuedAt, acknowledgedThrough, readCommand(in)));
  }

  private static ControllerCommand readCommand(ByteReader in) {
    int kind = in.octet();
    return switch (kind) {
      case CommandWriter.FOUND -> new Found(RulesFormat.read(in));
      case CommandWriter.JOIN -> readJoin(in);
      case CommandWriter.LEAVE -> readLeave(in);
      case CommandWriter.MOVE -> new Move(new Slot(in.smallVarint()), in.group());
      case CommandWriter.REBALANCE -> new Rebalance();
      case CommandWriter.PERMIT_MOVEMENT -> new PermitMovement(RulesFormat.readPolicy(in));
      default -> throw ByteReader.malformed("a command's kind is in [1, 6], was " + kind);
    };
  }

  private static Join readJoin(ByteReader in) {
    int count = in.count();
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      GroupId group = in.group();
      requireAscending(groups.isEmpty() || groups.lastKey().compareTo(group) < 0);
      groups.put(group, in.nodes());
    }
    return new Join(groups);
  }

  private static Leave readLeave(ByteReader in) {
    int count = in.count();
    TreeSet<GroupId> groups = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      GroupId group = in.group();
      requireAscending(groups.isEmpty() || groups.last().compareTo(group) < 0);
      groups.add(group);
    }
    return new Leave(groups);
  }

  private static void requireAscending(boolean ascending) {
    ByteReader.require(ascending, "groups are not ascending");
  }

  private record CommandWriter(ByteWriter out) implements ControllerCommand.Cases<ByteWriter> {
    static final int FOUND = 1;
    static final int JOIN = 2;
    static final int LEAVE = 3;
    static final int MOVE = 4;
    static final int REBALANCE = 5;
    static final int PERMIT_MOVEMENT = 6;

    @Override
    public ByteWriter found(Found command) {
      return RulesFormat.write(out.octet(FOUND), command.rules());
    }

    @Override
    public ByteWriter join(Join command) {
      out.octet(JOIN).varint(command.groups().size());
      command.groups().forEach((group, nodes) -> out.group(group).nodes(nodes));
      return out;
    }

    @Override
    public ByteWriter leave(Leave command) {
      out.octet(LEAVE).varint(command.groups().size());
      command.groups().forEach(out::group);
      return out;
    }

    @Override
    public ByteWriter move(Move command) {
      return out.octet(MOVE).varint(command.slot().number()).group(command.group());
    }

    @Override
    public ByteWriter rebalance(Rebalance command) {
      return out.octet(REBALANCE);
    }

    @Override
    public ByteWriter permitMovement(PermitMovement command) {
      return out.octet(PERMIT_MOVEMENT).octet(command.policy().code());
    }
  }
}
