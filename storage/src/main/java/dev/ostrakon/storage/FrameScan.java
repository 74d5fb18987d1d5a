package dev.ostrakon.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads a block from its beginning, checks every frame and finds the end of what was written.
 *
 * <p>After a power cut the last writes may be there in part: whatever was not synced may be
 * missing, sector by sector. Such a tail was never acknowledged and is dropped. Everything else
 * that does not fit is damage. The two are told apart like this:
 *
 * <ul>
 *   <li>a later frame that says that the bad place was synced before it proves damage;
 *   <li>a bad frame that lacks no whole sector was written in full, so it was damaged later;
 *   <li>the file is enlarged, durably, before a frame is written into the new part, and always
 *       keeps room for one more header: a frame that reaches beyond the file means that it was cut.
 * </ul>
 *
 * <p>Hazard: a disk that turns sectors of the very last commit into zeros is taken for one that
 * lost power during it.
 */
final class FrameScan {

  private static final int WINDOW_BYTES = 1 << 20; // 1 MiB

  private final DiskFile file;
  private final Path path;
  private final long diskId;
  private final long address;
  private final int size;
  private final byte[] window;
  private int windowFrom;
  private int windowTo;

  FrameScan(DiskFile file, Path path, long diskId, long address) throws IOException {
    this.file = file;
    this.path = path;
    this.diskId = diskId;
    this.address = address;
    this.size = Math.toIntExact(file.size());
    this.window = new byte[Math.min(size, WINDOW_BYTES)];
  }

  /** Indexes the frames of a block that is complete, and checks that it is. */
  FrameIndex scanComplete(int logicalBytes) throws IOException {
    FrameIndex index = scan();
    if (index.logicalEnd() != logicalBytes) {
      throw Failures.corrupt(
          path, logicalBytes + " undamaged bytes", index.logicalEnd() + " followed by damage");
    }
    return index;
  }

  /** Indexes the frames of the last block of an environment. */
  FrameIndex scanLast(int extentBytes) throws IOException {
    FrameIndex index = scan();
    int tail = index.physicalEnd();
    int wholeExtents = (size - BlockFile.HEADER_BYTES) / extentBytes;
    int synced = wholeExtents * extentBytes + BlockFile.HEADER_BYTES;
    if (tail > size - Frame.HEADER_BYTES || tail > synced) {
      throw Failures.corrupt(path, "a file longer than " + tail + " bytes", size + " bytes");
    }
    if (syncedBeyond(tail)) {
      throw Failures.corrupt(path, "an undamaged frame at " + tail, "damage");
    }
    if (!isZero(tail, tail + Frame.HEADER_BYTES)) {
      requireTorn(tail);
    }
    return index;
  }

  private FrameIndex scan() throws IOException {
    FrameIndex index = new FrameIndex(BlockFile.HEADER_BYTES);
    boolean valid = true;
    while (valid) {
      int at = index.physicalEnd();
      valid = isValidAt(at, index.logicalEnd());
      if (valid) {
        index.add(Frame.length(window, at - windowFrom));
      }
    }
    return index;
  }

  private boolean isValidAt(int at, int logical) throws IOException {
    int available = load(at, Frame.HEADER_BYTES + Frame.MAX_PAYLOAD_BYTES);
    Frame.Place place = new Frame.Place(diskId, address, logical);
    return Frame.isValid(window, at - windowFrom, available, place);
  }

  private boolean syncedBeyond(int tail) throws IOException {
    for (int at = tail; at + Frame.HEADER_BYTES <= size; at += Frame.ALIGNMENT) {
      load(at, Frame.HEADER_BYTES + Frame.MAX_PAYLOAD_BYTES);
      int offset = at - windowFrom;
      int length = Frame.length(window, offset);
      if (length > 0
          && length <= Frame.MAX_PAYLOAD_BYTES
          && Frame.synced(window, offset) > tail
          && isValidAt(at, Frame.logical(window, offset))) {
        return true;
      }
    }
    return false;
  }

  /** Throws unless the frame at the tail was obviously not written in full. */
  private void requireTorn(int tail) throws IOException {
    load(tail, Frame.HEADER_BYTES);
    int length = Frame.length(window, tail - windowFrom);
    boolean plausible =
        length > 0
            && length <= Frame.MAX_PAYLOAD_BYTES
            && Frame.storedBytes(length) <= size - Frame.HEADER_BYTES - tail;
    if (!plausible || !lacksSector(tail, tail + Frame.HEADER_BYTES + length)) {
      throw Failures.corrupt(path, "an undamaged frame at " + tail, "a failed checksum");
    }
  }

  private boolean lacksSector(int frameFrom, int frameTo) throws IOException {
    int sector = (frameFrom / Frame.SECTOR_BYTES + 1) * Frame.SECTOR_BYTES;
    while (sector < frameTo) {
      if (isZero(sector, Math.min(sector + Frame.SECTOR_BYTES, frameTo))) {
        return true;
      }
      sector += Frame.SECTOR_BYTES;
    }
    return false;
  }

  private boolean isZero(int from, int to) throws IOException {
    for (int at = from; at < to; at++) {
      if (at >= windowTo || at < windowFrom) {
        load(at, to - at);
      }
      if (window[at - windowFrom] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Loads the bytes from {@code at} on and returns how many of the wanted ones there are. */
  private int load(int at, int wanted) throws IOException {
    int available = Math.min(wanted, Math.max(size - at, 0));
    int needed = Math.min(available, window.length);
    if (at < windowFrom || at + needed > windowTo) {
      int count = Math.min(window.length, Math.max(size - at, 0));
      file.read(ByteBuffer.wrap(window, 0, count), at);
      windowFrom = at;
      windowTo = at + count;
    }
    return needed;
  }
}
