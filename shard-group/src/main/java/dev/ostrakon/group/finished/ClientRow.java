package dev.ostrakon.group.finished;

import dev.ostrakon.group.command.ByteReader;
import dev.ostrakon.group.command.ByteWriter;
import dev.ostrakon.group.command.ModelDecoder;
import dev.ostrakon.group.command.ModelEncoder;
import dev.ostrakon.group.heap.HeapSizes;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Fingerprint;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.raft.Bytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one client's requests. Most clients have one or none in memory, so all of
 * it is in a few arrays of numbers.
 */
final class ClientRow {
  /** Numbers a record has: sequence, issuedAt, timestamp, and the rest in one. */
  private static final int STRIDE = 4;

  private static final int SEQUENCE = 0;
  private static final int ISSUED_AT = 1;
  private static final int TIMESTAMP = 2;

  /** Fingerprint in 32 bits, attempt in 24, code in 8. */
  private static final int FINGERPRINT_ATTEMPT_CODE = 3;

  /** Acknowledged above the watermark: only the sequence is left. */
  private static final int CODE_SETTLED = 0;

  /** Committed, first branch, one operation without a result: most writes. */
  private static final int CODE_DONE = 1;

  /** Committed, second branch, no operations: a comparison that did not hold. */
  private static final int CODE_OTHERWISE_EMPTY = 2;

  /** Anything else: encoded in {@link #encoded}. */
  private static final int CODE_ENCODED = 3;

  /** Set in a code: other groups took part. */
  private static final int PART = 0x80;

  private static final int CODE_BITS = 8;
  private static final int FINGERPRINT_SHIFT = 32;

  /** The largest attempt that is told from others; it stands for all above, too. */
  private static final int ATTEMPT_MAX = (1 << 24) - 1;

  private static final int SLOT_SHIFT = 48;
  private static final long MILLIS_MASK = (1L << SLOT_SHIFT) - 1;
  private static final long[] NOTHING = {};

  /** A row without arrays, its share of the table included, on a JVM with compressed pointers. */
  static final int ROW_BYTES = 80;

  private static final int ARRAY_BYTES = 16;

  final long clientHigh;
  final long clientLow;
  @Nullable ClientRow next;

  /** Invariant: every record's sequence is above the watermark. */
  private long watermark;

  /** The latest issuedAt of anything heard of the client; with the window, how long this lives. */
  private long lastIssuedMillis;

  /** The records, ascending by sequence. */
  private long[] records = NOTHING;

  private int count;

  /** Outcomes of records with {@link #CODE_ENCODED}, by the record's position; null if none has. */
  private byte @Nullable [][] encoded;

  /** What the outcomes in {@link #encoded} take of the heap. */
  private int encodedBytes;

  /** When each slot was last touched: slot above, milliseconds below; ascending. */
  private long[] touched = NOTHING;

  boolean isDirty;
  boolean isPersisted;

  ClientRow(long clientHigh, long clientLow) {
    this.clientHigh = clientHigh;
    this.clientLow = clientLow;
  }

  ClientId client() {
    return new ClientId(clientHigh, clientLow);
  }

  long lastIssuedMillis() {
    return lastIssuedMillis;
  }

  long watermark() {
    return watermark;
  }

  void heardOf(HybridTimestamp issuedAt) {
    lastIssuedMillis = Math.max(lastIssuedMillis, issuedAt.wallMillis());
  }

  /**
   * What is remembered of a request that comes now.
   *
   * <p>What was issued before {@code sinceMillis} is gone from the next checkpoint on, so nothing
   * that shows may depend on it, whether or not it still takes its place in the arrays.
   */
  Memory lookup(long sequence, int attempt, long sinceMillis) {
    int position = findSince(sequence, sinceMillis);
    if (position < 0) {
      return sequence <= watermark ? new Memory.Settled() : new Memory.Unheard();
    }
    if (code(position) == CODE_SETTLED) {
      return new Memory.Settled();
    }
    RequestOutcome outcome = outcome(position);
    boolean isLaterAttempt = Math.min(attempt, ATTEMPT_MAX) > attempt(position);
    return outcome instanceof RequestOutcome.Refused && isLaterAttempt
        ? new Memory.Unheard()
        : new Memory.Remembered(outcome, isPart(position));
  }

  /**
   * Remembers what a request came to, unless the client has acknowledged it meanwhile: then every
   * attempt at it stays settled.
   */
  void remember(
      long sequence,
      int attempt,
      HybridTimestamp issuedAt,
      Memory.Remembered memory,
      int fingerprint,
      long sinceMillis) {
    if (isSettled(sequence, sinceMillis)) {
      heardOf(issuedAt);
      return;
    }
    RequestOutcome outcome = memory.outcome();
    int position = find(sequence);
    if (position < 0) {
      position = -position - 1;
      insert(position);
    }
    int code = codeOf(outcome);
    long timestamp =
        outcome instanceof RequestOutcome.Committed committed ? committed.timestamp().packed() : 0;
    set(position, SEQUENCE, sequence);
    set(position, ISSUED_AT, issuedAt.packed());
    set(position, TIMESTAMP, timestamp);
    setRest(position, fingerprint, attempt, code | (memory.isPart() ? PART : 0));
    if (code == CODE_ENCODED) {
      ByteWriter out = new ByteWriter();
      new ModelEncoder(out).requestOutcome(outcome);
      setEncoded(position, out.toBytes().sharedArray());
    } else {
      dropEncoded(position);
    }
    heardOf(issuedAt);
  }

  /** Makes what is remembered of a request hold for its later attempts, too. */
  void close(long sequence, long sinceMillis) {
    int position = findSince(sequence, sinceMillis);
    if (position >= 0 && code(position) != CODE_SETTLED) {
      int code = code(position) | (isPart(position) ? PART : 0);
      setRest(position, fingerprint(position), ATTEMPT_MAX, code);
    }
  }

  /**
   * Of what a request was for; {@link Fingerprint#UNKNOWN} if that is not remembered, or was issued
   * before {@code sinceMillis}, for then it is not in a checkpoint either.
   */
  int fingerprintOf(long sequence, long sinceMillis) {
    int position = find(sequence);
    return position < 0 || issuedAt(position).wallMillis() < sinceMillis
        ? Fingerprint.UNKNOWN
        : fingerprint(position);
  }

  void touch(int slot, HybridTimestamp issuedAt) {
    long key = (long) slot << SLOT_SHIFT;
    int position = Arrays.binarySearch(touched, key);
    int at = position < 0 ? -position - 1 : position;
    boolean present = at < touched.length && touched[at] >>> SLOT_SHIFT == slot;
    if (!present) {
      long[] grown = new long[touched.length + 1];
      System.arraycopy(touched, 0, grown, 0, at);
      System.arraycopy(touched, at, grown, at + 1, touched.length - at);
      grown[at] = key;
      touched = grown;
    }
    touched[at] = Math.max(touched[at], key | issuedAt.wallMillis());
  }

  /** Whether a request of the client was carried out on this slot since then. */
  boolean hasTouched(int slot, long sinceMillis) {
    for (long touch : touched) {
      if (touch >>> SLOT_SHIFT == slot && (touch & MILLIS_MASK) >= sinceMillis) {
        return true;
      }
    }
    return false;
  }

  boolean isSettled(long sequence, long sinceMillis) {
    int position = findSince(sequence, sinceMillis);
    return sequence <= watermark || (position >= 0 && code(position) == CODE_SETTLED);
  }

  /** Whether a record would go, or shrink to its sequence. */
  boolean wouldFree(Acknowledgement acknowledgement) {
    if (count > 0 && get(0, SEQUENCE) <= acknowledgement.watermark()) {
      return true;
    }
    for (long sequence : acknowledgement.above()) {
      int position = find(sequence);
      if (position >= 0 && code(position) != CODE_SETTLED) {
        return true;
      }
    }
    return false;
  }

  void raiseWatermark(long newWatermark) {
    if (newWatermark <= watermark) {
      return;
    }
    watermark = newWatermark;
    int position = find(newWatermark);
    removeFirst(position < 0 ? -position - 1 : position + 1);
  }

  /** Forgets the result of one request above the watermark; returns whether that was new. */
  boolean settle(long sequence) {
    int position = find(sequence);
    if (position < 0 || code(position) == CODE_SETTLED) {
      return false;
    }
    set(position, FINGERPRINT_ATTEMPT_CODE, CODE_SETTLED);
    dropEncoded(position);
    return true;
  }

  /** Roughly what this takes in memory. */
  long bytes() {
    long bytes = ROW_BYTES;
    bytes += records.length == 0 ? 0 : ARRAY_BYTES + 8L * records.length;
    bytes += touched.length == 0 ? 0 : ARRAY_BYTES + 8L * touched.length;
    bytes += encoded == null ? 0 : ARRAY_BYTES + 4L * encoded.length + encodedBytes;
    return bytes;
  }

  /** The row without what was issued before, so that it does not show how eagerly that is swept. */
  Bytes encode(long sinceMillis) {
    ByteWriter out = new ByteWriter();
    out.varint(watermark).varint(lastIssuedMillis);
    out.varint(Arrays.stream(touched).filter(t -> (t & MILLIS_MASK) >= sinceMillis).count());
    for (long touch : touched) {
      if ((touch & MILLIS_MASK) >= sinceMillis) {
        out.varint(touch >>> SLOT_SHIFT).varint(touch & MILLIS_MASK);
      }
    }
    for (int position = 0; position < count; position++) {
      if (issuedAt(position).wallMillis() >= sinceMillis) {
        out.varint(get(position, SEQUENCE));
        out.i64(get(position, ISSUED_AT)).i64(get(position, TIMESTAMP));
        out.i32(fingerprint(position)).varint(attempt(position));
        out.u8(code(position) | (isPart(position) ? PART : 0));
        if (code(position) == CODE_ENCODED && encoded != null) {
          byte[] outcome = encoded[position];
          out.bytes(outcome == null ? new byte[0] : outcome);
        }
      }
    }
    return out.toBytes();
  }

  static ClientRow decode(ClientId client, Bytes bytes) {
    ClientRow row = new ClientRow(client.high(), client.low());
    ByteReader in = new ByteReader(bytes);
    row.watermark = in.varint();
    row.lastIssuedMillis = in.varint();
    row.touched = new long[in.count()];
    for (int i = 0; i < row.touched.length; i++) {
      row.touched[i] = (in.varint() << SLOT_SHIFT) | in.varint();
    }
    while (in.remaining() > 0) {
      int position = row.count;
      row.insert(position);
      row.set(position, SEQUENCE, in.varint());
      row.set(position, ISSUED_AT, in.i64());
      row.set(position, TIMESTAMP, in.i64());
      int fingerprint = in.i32();
      int attempt = in.size();
      int code = in.u8();
      row.setRest(position, fingerprint, attempt, code);
      if ((code & ~PART) == CODE_ENCODED) {
        row.setEncoded(position, in.bytes());
      }
    }
    return row;
  }

  private static int codeOf(RequestOutcome outcome) {
    if (outcome instanceof RequestOutcome.Committed committed) {
      List<OperationResult> results = committed.results();
      return switch (committed.branch()) {
        case THEN -> isOneDone(results) ? CODE_DONE : CODE_ENCODED;
        case OTHERWISE -> results.isEmpty() ? CODE_OTHERWISE_EMPTY : CODE_ENCODED;
      };
    }
    return CODE_ENCODED;
  }

  private static boolean isOneDone(List<OperationResult> results) {
    return results.size() == 1 && results.get(0) instanceof OperationResult.Done;
  }

  private RequestOutcome outcome(int position) {
    HybridTimestamp timestamp = HybridTimestamp.fromPacked(get(position, TIMESTAMP));
    int code = code(position);
    if (code == CODE_DONE) {
      return new RequestOutcome.Committed(
          timestamp, Branch.THEN, List.of(new OperationResult.Done()));
    }
    if (code == CODE_OTHERWISE_EMPTY) {
      return new RequestOutcome.Committed(timestamp, Branch.OTHERWISE, List.of());
    }
    byte[] bytes = encoded == null ? null : encoded[position];
    if (bytes == null) {
      throw new IllegalStateException("a record of code " + code + " has no outcome");
    }
    return new ModelDecoder(new ByteReader(Bytes.wrap(bytes))).requestOutcome();
  }

  private long get(int position, int field) {
    return records[position * STRIDE + field];
  }

  private void set(int position, int field, long value) {
    records[position * STRIDE + field] = value;
  }

  private void setRest(int position, int fingerprint, int attempt, int code) {
    long rest = ((long) Math.min(attempt, ATTEMPT_MAX) << CODE_BITS) | code;
    set(position, FINGERPRINT_ATTEMPT_CODE, ((long) fingerprint << FINGERPRINT_SHIFT) | rest);
  }

  private int fingerprint(int position) {
    return (int) (get(position, FINGERPRINT_ATTEMPT_CODE) >>> FINGERPRINT_SHIFT);
  }

  private HybridTimestamp issuedAt(int position) {
    return HybridTimestamp.fromPacked(get(position, ISSUED_AT));
  }

  private int attempt(int position) {
    return (int) (get(position, FINGERPRINT_ATTEMPT_CODE) >>> CODE_BITS) & ATTEMPT_MAX;
  }

  private int code(int position) {
    return (int) get(position, FINGERPRINT_ATTEMPT_CODE) & (PART - 1);
  }

  private boolean isPart(int position) {
    return (get(position, FINGERPRINT_ATTEMPT_CODE) & PART) != 0;
  }

  /** The record's position, or {@code -(where it would be) - 1}. */
  private int find(long sequence) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = get(middle, SEQUENCE);
      if (found == sequence) {
        return middle;
      }
      if (found < sequence) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** The position of a record that a checkpoint would still hold; negative if there is none. */
  private int findSince(long sequence, long sinceMillis) {
    int position = find(sequence);
    return position >= 0 && issuedAt(position).wallMillis() < sinceMillis ? -1 : position;
  }

  private void insert(int position) {
    if ((count + 1) * STRIDE > records.length) {
      resize(Math.max(1, count * 2));
    }
    int tail = count - position;
    System.arraycopy(records, position * STRIDE, records, (position + 1) * STRIDE, tail * STRIDE);
    if (encoded != null) {
      System.arraycopy(encoded, position, encoded, position + 1, tail);
      encoded[position] = null;
    }
    count++;
  }

  private void removeFirst(int removed) {
    if (removed == 0) {
      return;
    }
    int left = count - removed;
    for (int position = 0; position < removed; position++) {
      dropEncoded(position);
    }
    System.arraycopy(records, removed * STRIDE, records, 0, left * STRIDE);
    if (encoded != null) {
      System.arraycopy(encoded, removed, encoded, 0, left);
      Arrays.fill(encoded, left, count, null);
    }
    count = left;
    if (left * STRIDE * 4 <= records.length) {
      resize(left);
    }
  }

  private void resize(int capacity) {
    records = capacity == 0 ? NOTHING : Arrays.copyOf(records, capacity * STRIDE);
    if (encoded != null) {
      encoded = capacity == 0 ? null : Arrays.copyOf(encoded, capacity);
    }
  }

  private void dropEncoded(int position) {
    byte[][] all = encoded;
    if (all != null && all[position] != null) {
      encodedBytes -= encodedSize(all[position]);
      all[position] = null;
    }
  }

  private static int encodedSize(byte[] outcome) {
    return (int) HeapSizes.bytes(outcome.length);
  }

  private void setEncoded(int position, byte[] outcome) {
    byte[][] all = encoded;
    if (all == null) {
      all = new byte[records.length / STRIDE][];
      encoded = all;
    }
    dropEncoded(position);
    all[position] = outcome;
    encodedBytes += encodedSize(outcome);
  }
}
