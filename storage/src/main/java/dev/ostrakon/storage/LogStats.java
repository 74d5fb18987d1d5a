package dev.ostrakon.storage;

import java.util.List;

/**
 * What the log of a node has done since it was opened.
 *
 * @param commits durable commits
 * @param syncs syncs of log files for commits; one a commit, one more where a file ends
 * @param extentSyncs further syncs, of space reserved ahead
 * @param writes writes of replicas that were made durable or carried out lazily
 * @param entries entries among them
 * @param entryBytes their size
 * @param fileBytes bytes written to log files, without reserved space
 * @param largestBatch most writes in one commit
 * @param backlogBytes size of the entries that wait or are being written right now
 * @param commitMicrosMean time of a commit, from its first change to the end of its sync
 * @param commitMicrosP50 the same, median
 * @param commitMicrosP99 the same, 99th percentile
 * @param commitMicrosMax the same, longest
 * @param commitNanosSum the same, all together
 * @param commitBuckets how many commits took at most so long, by rising bounds
 */
public record LogStats(
    long commits,
    long syncs,
    long extentSyncs,
    long writes,
    long entries,
    long entryBytes,
    long fileBytes,
    long largestBatch,
    long backlogBytes,
    double commitMicrosMean,
    long commitMicrosP50,
    long commitMicrosP99,
    long commitMicrosMax,
    long commitNanosSum,
    List<Bucket> commitBuckets) {

  /**
   * How many commits took at most so long, within 1 %.
   *
   * @param boundMicros the bound
   * @param count of all commits up to it, so that it rises from bucket to bucket
   */
  public record Bucket(long boundMicros, long count) {}
}
