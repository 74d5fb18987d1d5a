/**
 * The Raft consensus core: a deterministic state machine that decides and never acts.
 *
 * <p>{@link dev.ostrakon.raft.RaftNode} consumes inputs (a tick, a message, a completion of the
 * disk, a proposal) and emits one immutable {@link dev.ostrakon.raft.Ready}; the driver in {@code
 * dev.ostrakon.replica} carries it out. Nothing here reads a clock, starts a thread, draws a random
 * number of its own, logs, or touches a file.
 *
 * <ul>
 *   <li><b>term</b>: a logical period with at most one leader;
 *   <li><b>entry</b>: one position of the replicated log, named by its {@link
 *       dev.ostrakon.raft.EntryId};
 *   <li><b>round</b>: one exchange of a leader with its followers that proves that it still leads;
 *       reads and leases hang on it;
 *   <li><b>membership</b>: who votes and who merely learns.
 * </ul>
 *
 * <p>Threading: every object is confined to the thread that owns its replica. Sources: Ongaro and
 * Ousterhout, "In Search of an Understandable Consensus Algorithm" (extended version), called the
 * Raft paper here, and Ongaro's thesis "Consensus: Bridging Theory and Practice".
 */
@NullMarked
package dev.ostrakon.raft;

import org.jspecify.annotations.NullMarked;
