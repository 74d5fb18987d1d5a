package dev.ostrakon.node.rpc;

import java.util.Map;

/**
 * What the gRPC server of one event loop takes in.
 *
 * @param services limits of the messages of some services, by the service's full name
 * @param others limits of the messages of all others
 * @param callsMax calls that may be open
 * @param unfinishedBytesMax bytes of messages that have not arrived as a whole; there is as much
 *     again for messages of more than {@link #LARGE_BYTES}
 * @param unreadBytesMax bytes that have arrived on streams that are not read at present
 * @param unsentBytesMax bytes of answers that connections have not taken, beyond which calls are
 *     ended whose callers take nothing
 * @param messageMillis how long a message may take from its first byte to its last, and a call of
 *     one message until it has arrived
 * @param contestedMillis how long a message may take while others wait for its room, and how long a
 *     caller may take none of its answers while there are too many
 */
public record RpcLimits(
    Map<String, MessageLimits> services,
    MessageLimits others,
    int callsMax,
    long unfinishedBytesMax,
    long unreadBytesMax,
    long unsentBytesMax,
    int messageMillis,
    int contestedMillis) {
  /** A message of more is large: few are taken in at a time, apart from the others. */
  public static final int LARGE_BYTES = (1 << 20) + (64 << 10); // 1 MiB and a little

  private static final int CALLS_MAX = 32_768;
  private static final int OTHERS_BYTES_MAX = 1 << 20; // 1 MiB
  private static final int OTHERS_ELEMENTS_MAX = 16_384;
  private static final int MESSAGE_MILLIS = 30_000;
  private static final int CONTESTED_MILLIS = 2_000;
  private static final long LEAST_BYTES = 4L << 20; // 4 MiB

  /** Copies the map. */
  public RpcLimits {
    services = Map.copyOf(services);
  }

  /**
   * What suits a heap: a sixteenth of it for messages that have not arrived as a whole, a
   * thirty-second for what is not read here, and as much for what is not read by callers.
   *
   * @param heapBytes the most that the heap can become
   * @param loops event loops that share it
   */
  public static RpcLimits forHeap(long heapBytes, int loops, Map<String, MessageLimits> services) {
    return new RpcLimits(
        services,
        new MessageLimits(OTHERS_BYTES_MAX, OTHERS_ELEMENTS_MAX, "a fixed limit"),
        CALLS_MAX / loops,
        Math.max(LEAST_BYTES, heapBytes / 32 / loops),
        Math.max(LEAST_BYTES, heapBytes / 32 / loops),
        Math.max(LEAST_BYTES, heapBytes / 32 / loops),
        MESSAGE_MILLIS,
        CONTESTED_MILLIS);
  }

  /** The limits of a service's messages. */
  MessageLimits of(String service) {
    return services.getOrDefault(service, others);
  }
}
