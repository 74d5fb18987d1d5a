package dev.ostrakon.node.metrics;

import dev.ostrakon.protocol.ErrorCode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What became of clients' requests, and how long they took. Any thread. */
public final class RequestMetrics {

  /** The kinds of requests. */
  public enum Kind {
    READ,
    WRITE,
    MULTI_GROUP_READ,
    MULTI_GROUP_WRITE,
    SCAN,
    OUTCOME,
    MALFORMED
  }

  private static final String OK = "ok";

  private static final class Counters {
    private final LongAdder succeeded = new LongAdder();
    private final Map<ErrorCode, LongAdder> failed = new EnumMap<>(ErrorCode.class);
    private final LatencyHistogram latency = new LatencyHistogram();

    Counters() {
      for (ErrorCode code : ErrorCode.values()) {
        failed.put(code, new LongAdder());
      }
    }
  }

  private final Map<Kind, Counters> kinds = new EnumMap<>(Kind.class);
  private final LongAdder sessions = new LongAdder();

  /** Starts at zero. */
  public RequestMetrics() {
    for (Kind kind : Kind.values()) {
      kinds.put(kind, new Counters());
    }
  }

  /** A request was done. */
  public void succeeded(Kind kind, long nanos) {
    Counters counters = of(kind);
    counters.succeeded.increment();
    counters.latency.record(nanos);
  }

  /** A request was not done. */
  public void failed(Kind kind, ErrorCode code, long nanos) {
    Counters counters = of(kind);
    LongAdder count = counters.failed.get(code);
    if (count != null) {
      count.increment();
    }
    counters.latency.record(nanos);
  }

  /** A session was opened. */
  public void sessionOpened() {
    sessions.increment();
  }

  /** A session has ended. */
  public void sessionEnded() {
    sessions.decrement();
  }

  private Counters of(Kind kind) {
    Counters counters = kinds.get(kind);
    if (counters == null) {
      throw new IllegalStateException("no counters of " + kind);
    }
    return counters;
  }

  /** Writes everything that is not zero. */
  public void writeTo(PrometheusText text) {
    text.gauge("sessions", "Open sessions of clients.", "", sessions.sum());
    kinds.forEach((kind, counters) -> write(text, name(kind), counters));
  }

  private static void write(PrometheusText text, String kind, Counters counters) {
    String help = "Requests answered.";
    text.counter(
        "requests_total",
        help,
        PrometheusText.labels("kind", kind, "result", OK),
        counters.succeeded.sum());
    counters.failed.forEach(
        (code, count) -> {
          if (count.sum() > 0) {
            String labels = PrometheusText.labels("kind", kind, "result", name(code));
            text.counter("requests_total", help, labels, count.sum());
          }
        });
    text.histogram(
        "request_seconds",
        "Time from the arrival of a request to its answer.",
        PrometheusText.labels("kind", kind),
        counters.latency);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
