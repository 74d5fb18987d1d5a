package dev.ostrakon.client;

import dev.ostrakon.model.Key;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.SessionRequest;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call that goes to any node, or to one that was hinted at, and not through a stream. */
final class UnaryCall<T> extends Call<T> {
  private final boolean writes;
  private final Sending<T> sending;

  /** Where the next sending goes; null for any node. */
  @Nullable String address;

  /** Where the present sending went; null before the first. */
  @Nullable String sentTo;

  /** Whether {@link #address} is the only one that can answer. */
  final boolean isBound;

  /** One sending. */
  interface Sending<T> {
    Future<T> send(UnaryCalls unary, String address, RequestHeader header);
  }

  UnaryCall(ClientLoop loop, long deadlineNanos, boolean writes, Sending<T> sending) {
    super(loop, deadlineNanos, 0);
    this.writes = writes;
    this.sending = sending;
    this.isBound = false;
  }

  /** A call that only this node can answer. */
  UnaryCall(ClientLoop loop, long deadlineNanos, String address, Sending<T> sending) {
    super(loop, deadlineNanos, 0);
    this.writes = false;
    this.sending = sending;
    this.address = address;
    this.isBound = true;
  }

  /** The node at the address does not answer: the next sending goes to any, if any will do. */
  void leaveAddress() {
    if (!isBound) {
      address = null;
    }
  }

  Future<T> send(String to, RequestHeader header) {
    sentTo = to;
    return sending.send(loop.unary(), to, header);
  }

  @Override
  @Nullable String asked() {
    return sentTo;
  }

  @Override
  boolean writes() {
    return writes;
  }

  @Override
  SessionRequest.Builder body() {
    throw new IllegalStateException("a unary call has no place in a session");
  }

  @Override
  Target target(Router router) {
    throw new IllegalStateException("a unary call is not routed by group");
  }

  @Override
  List<Key> keys() {
    return List.of();
  }

  @Override
  T read(KvAnswer answer) {
    throw new IllegalStateException("a unary call is not answered by a session");
  }
}
