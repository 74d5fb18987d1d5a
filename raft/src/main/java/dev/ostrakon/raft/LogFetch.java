package dev.ostrakon.raft;

/**
 * A wish to read entries that are no longer in memory. Answered by {@link Completion.LogFetched}.
 *
 * @param fetchId names the answer
 * @param fromIndex first index wanted
 * @param toIndex end, exclusive
 * @param maxBytes stop after the entry that reaches this size; at least one entry is returned if
 *     {@code fromIndex} is stored
 */
public record LogFetch(long fetchId, long fromIndex, long toIndex, int maxBytes) {}
