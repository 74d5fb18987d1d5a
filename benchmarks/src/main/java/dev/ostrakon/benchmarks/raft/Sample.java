package dev.ostrakon.benchmarks.raft;

/**
 * The figures of one node at one moment, all counted from its start but the latencies.
 *
 * @param nanos the node's monotonic clock
 * @param cpuNanos processor time of its process
 * @param applied proposals of this node's load that were applied
 * @param failed proposals that were not
 * @param inFlight proposals under way now
 * @param commits durable commits of the log
 * @param syncs file syncs for them
 * @param logEntries entries in them
 * @param logBytes bytes written to log files
 * @param framesSent frames to peers
 * @param messagesSent messages in them
 * @param messagesDropped messages that found no room
 * @param p50Nanos median latency since the last sample
 * @param p99Nanos 99th percentile of it
 * @param maxNanos the longest
 */
record Sample(
    long nanos,
    long cpuNanos,
    long applied,
    long failed,
    long inFlight,
    long commits,
    long syncs,
    long logEntries,
    long logBytes,
    long framesSent,
    long messagesSent,
    long messagesDropped,
    long p50Nanos,
    long p99Nanos,
    long maxNanos) {

  String toLine() {
    return nanos
        + " "
        + cpuNanos
        + " "
        + applied
        + " "
        + failed
        + " "
        + inFlight
        + " "
        + commits
        + " "
        + syncs
        + " "
        + logEntries
        + " "
        + logBytes
        + " "
        + framesSent
        + " "
        + messagesSent
        + " "
        + messagesDropped
        + " "
        + p50Nanos
        + " "
        + p99Nanos
        + " "
        + maxNanos;
  }

  static Sample fromLine(String line) {
    String[] words = line.split(" ", -1);
    long[] n = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      n[i] = Long.parseLong(words[i]);
    }
    return new Sample(
        n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13],
        n[14]);
  }
}
