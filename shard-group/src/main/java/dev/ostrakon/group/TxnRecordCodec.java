package dev.ostrakon.group;

import dev.ostrakon.group.command.ByteReader;
import dev.ostrakon.group.command.ByteWriter;
import dev.ostrakon.group.command.MalformedException;
import dev.ostrakon.group.command.ModelDecoder;
import dev.ostrakon.group.command.ModelEncoder;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.raft.Bytes;
import java.util.List;

/** The row of a transaction's record. */
final class TxnRecordCodec {
  private TxnRecordCodec() {}

  static Bytes encode(TxnRecord record) {
    ByteWriter out = new ByteWriter();
    ModelEncoder model = new ModelEncoder(out);
    out.u8(record.state.code).timestamp(record.issuedAt).i32(record.fingerprint);
    model.groups(record.participants);
    out.varint(record.configuration).u8(record.isReadOnly ? 1 : 0);
    out.timestamp(record.proposal).timestamp(record.timestamp);
    switch (record.state) {
      case WAITING_REQUEST, PENDING_FRAGMENT -> {
        model.request(record.requireRequest());
        out.u8(record.evaluation == null ? 0 : 1);
        if (record.evaluation != null) {
          model.evaluation(record.evaluation);
        }
      }
      case REFUSED -> model.refusal(record.requireRefusal());
      case FINISHED -> {
        out.u8(record.isForgotten ? 1 : 0);
        model.txnOutcome(record.requireOutcome());
        model.results(record.results);
      }
    }
    return out.toBytes();
  }

  /** Throws {@link MalformedException}. */
  static TxnRecord decode(TxnId id, Bytes bytes) {
    ByteReader in = new ByteReader(bytes);
    ModelDecoder model = new ModelDecoder(in);
    TxnRecord.State state = stateOf(in.u8());
    HybridTimestamp issuedAt = in.timestamp();
    int fingerprint = in.i32();
    List<GroupId> participants = model.groups();
    TxnRecord record = new TxnRecord(id, issuedAt, participants, in.varint(), in.u8() == 1, state);
    record.fingerprint = fingerprint;
    record.proposal = in.timestamp();
    record.timestamp = in.timestamp();
    switch (state) {
      case WAITING_REQUEST, PENDING_FRAGMENT -> {
        record.request = model.request();
        record.accesses = Fragments.accesses(record.request.transaction());
        if (in.u8() == 1) {
          record.evaluation = model.evaluation();
        }
      }
      case REFUSED -> {
        Refusal refusal = model.refusal();
        record.refusal = refusal.equals(TxnRecord.NOT_ORDERED) ? TxnRecord.NOT_ORDERED : refusal;
      }
      case FINISHED -> {
        record.isForgotten = in.u8() == 1;
        record.outcome = model.txnOutcome();
        record.results = model.results();
      }
    }
    in.requireEnd();
    return record;
  }

  private static TxnRecord.State stateOf(int code) {
    for (TxnRecord.State state : TxnRecord.State.values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new MalformedException("unknown code of a record's state: " + code);
  }
}
