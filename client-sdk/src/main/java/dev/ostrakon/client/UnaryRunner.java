package dev.ostrakon.client;

import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.v1.RequestHeader;

/** The sendings of calls that go to any node, outside the streams. Confined to one event loop. */
final class UnaryRunner {
  private final ClientLoop loop;
  private final TransactionRunner runner;

  UnaryRunner(ClientLoop loop, TransactionRunner runner) {
    this.loop = loop;
    this.runner = runner;
  }

  /** Sends it once more. */
  <T> void send(UnaryCall<T> call) {
    long nowNanos = loop.nowNanos();
    long attemptMillis = loop.config().timeouts().attemptMillis();
    String address = call.address;
    if (address == null) {
      address = loop.router().nextAddress();
    }
    RequestHeader.Builder header =
        RequestHeader.newBuilder()
            .setClusterId(loop.config().clusterId())
            .setTimeoutMillis(TransactionRunner.timeoutMillis(call, nowNanos, attemptMillis));
    if (call.writes()) {
      runner.number(call, nowNanos);
      header
          .setClientHigh(loop.clientId().high())
          .setClientLow(loop.clientId().low())
          .setSequence(call.sequence)
          .setIssuedAt(call.issuedAt.packed())
          .setWatermark(loop.sequences().watermark());
    }
    call.waiting = Call.Waiting.FOR_ANSWER;
    runner.onSent(call, nowNanos, attemptMillis);
    int sending = call.sendings;
    call.send(address, header.build())
        .onComplete(
            value -> loop.turn(() -> onUnaryAnswer(call, value)),
            cause -> loop.turn(() -> onUnaryFailure(call, sending, cause)));
  }

  private <T> void onUnaryAnswer(UnaryCall<T> call, T value) {
    if (!call.isCompleted) {
      runner.succeed(call, value);
    }
  }

  private void onUnaryFailure(UnaryCall<?> call, int sending, Throwable cause) {
    if (call.isCompleted || call.sendings != sending || !call.isSent) {
      return;
    }
    if (!(cause instanceof UnaryCalls.ServiceErrorException told)) {
      call.leaveAddress();
      TransactionRunner.noteUnknown(call);
      runner.pause(call, cause);
      return;
    }
    if (!call.isBound) {
      call.address =
          told.error().detail() instanceof ServiceError.Leader hint && !hint.address().isEmpty()
              ? hint.address()
              : null;
    }
    runner.onError(call, told.error());
  }
}
