package dev.ostrakon.group;

/**
 * A front's figures for operators. The first group says what is there now, the second counts since
 * the replica started.
 *
 * @param keys keys that have a value
 * @param pending transactions and requests in the queues
 * @param ready fragments that are ready and whose outcome is not applied yet
 * @param unfinished fragments of transactions over several groups without an outcome here
 * @param records transactions that something is remembered of
 * @param clients clients that something is remembered of
 * @param requestBytes what is kept because of requests takes of the heap; an estimate
 * @param waitingBytes what calls that wait take of the heap; an estimate
 * @param waitingCommands commands taken and not answered
 * @param waitingReads reads and scans taken and not answered
 * @param waitingAwaits awaits not answered
 * @param batches log entries proposed
 * @param commands commands in them
 * @param entries log entries applied
 * @param requests calls of clients that concern this group alone: requests, reads, pages of scans
 * @param orders parts of transactions over several groups that coordinators brought
 * @param reads reads served
 * @param readIndexes confirmations of leadership asked for: reads of one turn share one
 * @param readsFromDisk reads that had to go to the disk
 * @param readsThatWaited reads that waited for a ready transaction
 * @param scans pages of scans served
 * @param overloaded calls turned away because something was full
 * @param clockSkews calls turned away because of their timestamp
 * @param invalid calls turned away because no correct node sends them
 */
public record FrontCounters(
    long keys,
    int pending,
    int ready,
    int unfinished,
    int records,
    int clients,
    long requestBytes,
    long waitingBytes,
    int waitingCommands,
    int waitingReads,
    int waitingAwaits,
    long batches,
    long commands,
    long entries,
    long requests,
    long orders,
    long reads,
    long readIndexes,
    long readsFromDisk,
    long readsThatWaited,
    long scans,
    long overloaded,
    long clockSkews,
    long invalid) {}
