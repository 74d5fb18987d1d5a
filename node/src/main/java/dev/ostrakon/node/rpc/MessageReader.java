package dev.ostrakon.node.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.grpc.common.GrpcStatus;
import org.jspecify.annotations.Nullable;

/** Cuts what a call brings into messages. Confined to the event loop of the call. */
final class MessageReader {

  /* A message that has arrived with one chunk is taken from it as it is. Any other is gathered in a buffer of
   * its size, for which there must be room: until there is, the stream is not read, and what has arrived
   * of it waits where HTTP/2 bounds it.
   */

  private static final int PREFIX_BYTES = 5;

  private final RpcLoop loop;
  private final MessageLimits limits;
  private final String type;
  private final RpcCall<?, ?> call;
  private boolean isDropped;

  /** What has arrived of a message's prefix, if only a part of it has. */
  private @Nullable ByteBuf prefix;

  /** The message that is gathered. */
  private @Nullable ByteBuf gathered;

  /** The room for it, held or waited for, and where it is. */
  private ByteBudget.@Nullable Claim claim;

  private @Nullable ByteBudget budget;

  /** What arrived after the prefix of a message that waits for room. */
  private @Nullable ByteBuf held;

  /**
   * Nothing has arrived.
   *
   * @param type of the messages, for people
   */
  MessageReader(RpcLoop loop, MessageLimits limits, String type, RpcCall<?, ?> call) {
    this.loop = loop;
    this.limits = limits;
    this.type = type;
    this.call = call;
  }

  /** Reads what has arrived; messages that are complete go to the call. */
  void read(ByteBuf in) throws CallRefusedException {
    boolean goesOn = true;
    while (goesOn && in.isReadable() && !isDropped) {
      ByteBuf gathering = gathered;
      if (gathering == null) {
        goesOn = readPrefix(in);
      } else {
        gather(gathering, in);
      }
    }
  }

  private void gather(ByteBuf gathering, ByteBuf in) throws CallRefusedException {
    gathering.writeBytes(in, Math.min(in.readableBytes(), gathering.writableBytes()));
    if (!gathering.isWritable()) {
      ByteBudget.Claim room = claim;
      gathered = null;
      claim = null;
      call.onMessage(gathering, room);
    }
  }

  /** Begins a message, if its prefix is there; false if what is left has to wait. */
  private boolean readPrefix(ByteBuf in) throws CallRefusedException {
    ByteBuf begun = prefix;
    if (begun == null && in.readableBytes() >= PREFIX_BYTES) {
      boolean compressed = in.readByte() != 0;
      return begin(compressed, in.readInt(), in);
    }
    if (begun == null) {
      begun = Unpooled.buffer(PREFIX_BYTES, PREFIX_BYTES);
      prefix = begun;
      call.awaitMessage();
    }
    begun.writeBytes(in, Math.min(in.readableBytes(), begun.writableBytes()));
    if (begun.isWritable()) {
      return true;
    }
    prefix = null;
    boolean compressed = begun.readByte() != 0;
    return begin(compressed, begun.readInt(), in);
  }

  private boolean begin(boolean compressed, int length, ByteBuf in) throws CallRefusedException {
    if (compressed) {
      throw new CallRefusedException(
          GrpcStatus.UNIMPLEMENTED, "a compressed message is not supported, expected identity");
    }
    if (length < 0 || length > limits.bytesMax()) {
      throw new CallRefusedException(
          GrpcStatus.RESOURCE_EXHAUSTED,
          "a "
              + type
              + " has at most "
              + limits.bytesMax()
              + " bytes ("
              + limits.setting()
              + "), had "
              + Integer.toUnsignedString(length));
    }
    if (in.readableBytes() >= length) {
      call.onMessage(in.readSlice(length), null);
      return true;
    }
    call.awaitMessage();
    return claim(length, in);
  }

  private boolean claim(int length, ByteBuf in) {
    ByteBudget room = loop.budget(length);
    ByteBudget.Claim made =
        room.claim(length, System.nanoTime(), () -> loop.later(() -> onRoom(length)));
    loop.counters().unfinishedBytes.add(length);
    budget = room;
    claim = made;
    if (made.isGranted()) {
      gathered = Unpooled.buffer(length, length);
      return true;
    }
    held = in.readSlice(in.readableBytes());
    call.onWaitingForRoom();
    return false;
  }

  private void onRoom(int length) {
    if (!isDropped) {
      gathered = Unpooled.buffer(length, length);
      call.onRoom();
    }
  }

  /** Reads what had to wait for room. */
  void readHeld() throws CallRefusedException {
    ByteBuf rest = held;
    held = null;
    if (rest != null) {
      read(rest);
    }
  }

  /** Whether a message has begun and is not complete. */
  boolean isWithinMessage() {
    return gathered != null || prefix != null || held != null;
  }

  /** Whether a message waits for room. */
  boolean isWaiting() {
    return held != null;
  }

  /** Whether the message that is gathered takes some of this room. */
  boolean holds(ByteBudget room) {
    ByteBudget.Claim made = claim;
    return budget == room && made != null && made.isGranted();
  }

  /** Lets go of everything; nothing is read from now on. */
  void drop() {
    isDropped = true;
    prefix = null;
    gathered = null;
    held = null;
    ByteBudget.Claim room = claim;
    claim = null;
    if (room != null) {
      loop.release(room);
    }
  }
}
