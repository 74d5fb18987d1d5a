package dev.ostrakon.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The layout of one frame: a checksummed piece of a block, at a multiple of {@link #ALIGNMENT}.
 *
 * <pre>
 * 4 bytes  length of the payload, from 1 to {@link #MAX_PAYLOAD_BYTES}
 * 4 bytes  CRC32C of disk id, block address, the other header fields and the stored payload
 * 4 bytes  synced: position in the file up to which all was synced when this frame was written
 * 4 bytes  logical: offset of the payload in the block
 * payload, every byte XOR {@link #MASK}, then zeros up to the alignment
 * </pre>
 *
 * <p>The header never crosses a sector, so a write that was cut leaves either all of it or zeros.
 * The mask makes a whole sector of zeros inside a payload a sign that the sector was never written.
 */
final class Frame {

  static final int HEADER_BYTES = 16;
  static final int ALIGNMENT = 16;
  static final int MAX_PAYLOAD_BYTES = 1 << 16; // 64 KiB
  static final int SECTOR_BYTES = 512;

  private static final byte MASK = (byte) 0xA5;
  private static final long MASKS = 0xA5A5_A5A5_A5A5_A5A5L;
  private static final int CHECKED_BYTES = 28;

  private Frame() {}

  /** What a frame with this payload takes in the file. */
  static int storedBytes(int payloadBytes) {
    return (HEADER_BYTES + payloadBytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Writes a frame to the start of {@code target}, without the padding. */
  static void encode(byte[] target, Place place, int synced, byte[] payload, int from, int length) {
    ByteBuffer header = ByteBuffer.wrap(target);
    copyMasked(payload, from, target, HEADER_BYTES, length);
    header.putInt(0, length).putInt(8, synced).putInt(12, place.logical);
    header.putInt(4, checksum(target, 0, place, length, synced));
  }

  /** Whether a frame starts here that is whole, undamaged and belongs to this disk and block. */
  static boolean isValid(byte[] source, int at, int available, Place place) {
    if (available < HEADER_BYTES) {
      return false;
    }
    ByteBuffer header = ByteBuffer.wrap(source);
    int length = header.getInt(at);
    if (length < 1 || length > MAX_PAYLOAD_BYTES || storedBytes(length) > available) {
      return false;
    }
    return header.getInt(at + 12) == place.logical
        && header.getInt(at + 4) == checksum(source, at, place, length, synced(source, at));
  }

  static int length(byte[] source, int at) {
    return ByteBuffer.wrap(source).getInt(at);
  }

  static int synced(byte[] source, int at) {
    return ByteBuffer.wrap(source).getInt(at + 8);
  }

  static int logical(byte[] source, int at) {
    return ByteBuffer.wrap(source).getInt(at + 12);
  }

  /** Copies a part of the payload of the frame at {@code at}. */
  static void copyPayload(
      byte[] source, int at, int skip, byte[] target, int targetFrom, int count) {
    copyMasked(source, at + HEADER_BYTES + skip, target, targetFrom, count);
  }

  /** Eight bytes at a time: every page that is read goes through here. */
  private static void copyMasked(byte[] source, int from, byte[] target, int to, int count) {
    long[] words = new long[count / Long.BYTES];
    ByteBuffer.wrap(source, from, count).slice().asLongBuffer().get(words);
    for (int i = 0; i < words.length; i++) {
      words[i] ^= MASKS;
    }
    ByteBuffer.wrap(target, to, count).slice().asLongBuffer().put(words);
    for (int i = words.length * Long.BYTES; i < count; i++) {
      target[to + i] = (byte) (source[from + i] ^ MASK);
    }
  }

  private static int checksum(byte[] source, int at, Place place, int length, int synced) {
    CRC32C crc = new CRC32C();
    ByteBuffer checked = ByteBuffer.allocate(CHECKED_BYTES);
    checked.putLong(place.diskId).putLong(place.address);
    checked.putInt(length).putInt(synced).putInt(place.logical);
    crc.update(checked.array(), 0, CHECKED_BYTES);
    crc.update(source, at + HEADER_BYTES, length);
    return (int) crc.getValue();
  }

  /** Where a frame belongs: part of its checksum, so that a misplaced one is noticed. */
  record Place(long diskId, long address, int logical) {}
}
