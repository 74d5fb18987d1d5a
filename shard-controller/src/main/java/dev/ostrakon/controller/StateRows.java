package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerAnswer.Refused;
import dev.ostrakon.controller.ControllerAnswer.Unchanged;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Slots;
import dev.ostrakon.raft.Bytes;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The format of the state, row by row. All keys start with a byte that says what they are.
 *
 * <pre>
 * 1                             head      version=1 clock:u64 floor:u64 number:varint rules
 * 2                             pinned    version=1 count:varint gap:varint*   between pinned slots
 * 3 client:u128 sequence:u64    finished  version=2 issuedAt:u64 answer
 * 4 number:u64                  the configuration with this number, see {@link ConfigurationFormat}
 *
 * answer = 0                              acknowledged
 *        | 1 fingerprint number:varint        reconfigured
 *        | 2 fingerprint number:varint        unchanged
 *        | 3 fingerprint reason:varint detail refused
 * fingerprint = varint                    of the command, 32 bits without a sign
 * detail = length:varint utf8
 * </pre>
 *
 * <p>The head is there if and only if the group is founded.
 */
final class StateRows {
  static final Bytes HEAD_KEY = new ByteWriter().octet(1).toBytes();
  static final Bytes PINNED_KEY = new ByteWriter().octet(2).toBytes();

  /** Everything but the configurations comes before this key. */
  static final Bytes CONFIGURATIONS_START = new ByteWriter().octet(4).toBytes();

  private static final int VERSION = 1;
  private static final int FINISHED_VERSION = 2;
  private static final int FINISHED = 3;
  private static final int CONFIGURATION = 4;

  private static final int ACKNOWLEDGED = 0;
  private static final int RECONFIGURED = 1;
  private static final int UNCHANGED = 2;
  private static final int REFUSED = 3;

  private StateRows() {}

  /**
   * What is needed first of all.
   *
   * @param number of the newest configuration
   */
  record Head(HybridTimestamp clock, HybridTimestamp floor, long number, ControllerRules rules) {}

  static Bytes head(Head head) {
    ByteWriter out = new ByteWriter().octet(VERSION).timestamp(head.clock());
    out.timestamp(head.floor()).varint(head.number());
    return RulesFormat.write(out, head.rules()).toBytes();
  }

  static Head readHead(Bytes value) {
    return ByteReader.read(
        value,
        in -> {
          in.version(VERSION);
          HybridTimestamp clock = in.timestamp();
          HybridTimestamp floor = in.timestamp();
          long number = in.varint();
          return new Head(clock, floor, number, RulesFormat.read(in));
        });
  }

  static Bytes pinned(SortedSet<Slot> slots) {
    ByteWriter out = new ByteWriter().octet(VERSION).varint(slots.size());
    int next = 0;
    for (Slot slot : slots) {
      out.varint(slot.number() - next);
      next = slot.number() + 1;
    }
    return out.toBytes();
  }

  static SortedSet<Slot> readPinned(Bytes value) {
    return ByteReader.read(
        value,
        in -> {
          in.version(VERSION);
          int count = in.count();
          TreeSet<Slot> slots = new TreeSet<>();
          int next = 0;
          for (int i = 0; i < count; i++) {
            int gap = in.smallVarint();
            ByteReader.require(gap < Slots.COUNT_MAX - next, "a gap of " + gap);
            slots.add(new Slot(next + gap));
            next += gap + 1;
          }
          return slots;
        });
  }

  static Bytes configurationKey(long number) {
    return new ByteWriter().octet(CONFIGURATION).fixed64(number).toBytes();
  }

  static Bytes finishedKey(RequestId id) {
    return new ByteWriter().octet(FINISHED).request(id).toBytes();
  }

  static RequestId readFinishedKey(Bytes key) {
    return ByteReader.read(
        key,
        in -> {
          ByteReader.require(in.octet() == FINISHED, "the key of no finished request");
          return in.request();
        });
  }

  static Bytes finished(FinishedRequest request) {
    ByteWriter out = new ByteWriter().octet(FINISHED_VERSION).timestamp(request.issuedAt());
    long fingerprint = Integer.toUnsignedLong(request.fingerprint());
    request
        .answer()
        .ifPresentOrElse(answer -> write(out, fingerprint, answer), () -> out.octet(ACKNOWLEDGED));
    return out.toBytes();
  }

  private static void write(ByteWriter out, long fingerprint, ControllerAnswer answer) {
    if (answer instanceof Reconfigured reconfigured) {
      out.octet(RECONFIGURED).varint(fingerprint).varint(reconfigured.number());
    } else if (answer instanceof Unchanged unchanged) {
      out.octet(UNCHANGED).varint(fingerprint).varint(unchanged.number());
    } else if (answer instanceof Refused refused) {
      ControllerRefusal refusal = refused.refusal();
      out.octet(REFUSED).varint(fingerprint).varint(refusal.reason().code()).text(refusal.detail());
    }
  }

  static FinishedRequest readFinished(Bytes value) {
    return ByteReader.read(
        value,
        in -> {
          int version = in.version(FINISHED_VERSION);
          ByteReader.require(version == FINISHED_VERSION, "a version of 2, was " + version);
          HybridTimestamp issuedAt = in.timestamp();
          int tag = in.octet();
          return tag == ACKNOWLEDGED
              ? FinishedRequest.acknowledged(issuedAt)
              : FinishedRequest.answered(issuedAt, readFingerprint(in), readAnswer(in, tag));
        });
  }

  private static int readFingerprint(ByteReader in) {
    long fingerprint = in.varint();
    ByteReader.require(fingerprint >> Integer.SIZE == 0, "a fingerprint has 32 bits");
    return (int) fingerprint;
  }

  private static ControllerAnswer readAnswer(ByteReader in, int tag) {
    return switch (tag) {
      case RECONFIGURED -> new Reconfigured(in.varint());
      case UNCHANGED -> new Unchanged(in.varint());
      case REFUSED -> {
        ControllerRefusal.Reason reason = readReason(in.smallVarint());
        yield new Refused(new ControllerRefusal(reason, in.text()));
      }
      default -> throw ByteReader.malformed("an answer's tag is in [0, 3], was " + tag);
    };
  }

  private static ControllerRefusal.Reason readReason(int code) {
    for (ControllerRefusal.Reason reason : ControllerRefusal.Reason.values()) {
      if (reason.code() == code) {
        return reason;
      }
    }
    throw ByteReader.malformed("a refusal's reason expected in [1, 15], was " + code);
  }
}
