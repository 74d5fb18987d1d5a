package dev.ostrakon.replica.contract;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.HardState;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogFetch;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.raft.ReplicaId;
import java.util.ArrayList;
import java.util.List;

/** Short ways to write down what goes into a log. */
public final class Logs {

  private Logs() {}

  public static HardState hardState(long term, long votedFor, long commitIndex) {
    return new HardState(term, new ReplicaId(votedFor), commitIndex);
  }

  /** Entries from one index to another, both inclusive, of one term. */
  public static List<LogEntry> entries(long first, long last, long term) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = first; index <= last; index++) {
      Bytes payload = Bytes.utf8("entry " + index + " of term " + term);
      entries.add(new LogEntry(index, term, EntryKind.COMMAND, payload));
    }
    return entries;
  }

  public static LogWrite append(HardState hardState, List<LogEntry> entries) {
    return new LogWrite(hardState, false, EntryId.ZERO, entries, EntryId.ZERO);
  }

  public static LogWrite vote(HardState hardState) {
    return new LogWrite(hardState, true, EntryId.ZERO, List.of(), EntryId.ZERO);
  }

  public static LogWrite compact(HardState hardState, EntryId to) {
    return new LogWrite(hardState, false, EntryId.ZERO, List.of(), to);
  }

  public static LogWrite reset(HardState hardState, EntryId to) {
    return new LogWrite(hardState, true, to, List.of(), EntryId.ZERO);
  }

  public static LogFetch fetch(long from, long to) {
    return new LogFetch(1, from, to, Integer.MAX_VALUE);
  }

  /** A payload of random bytes. */
  public static Bytes randomBytes(RandomSource random, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return Bytes.wrap(bytes);
  }
}
