/**
 * The transaction coordinator of PROTOCOL.md: orders a transaction at its participants, decides it
 * from their statuses, answers, and has the outcome applied. Keeps nothing on disk: whoever asks
 * the participants decides the same.
 *
 * <ul>
 *   <li>{@link dev.ostrakon.txn.Coordinators}, the driver: everything that one event loop of a
 *       node, or a simulated one, coordinates
 *   <li>{@link dev.ostrakon.txn.TxnRun}, the core: one attempt at one transaction, original or
 *       recovery; {@link dev.ostrakon.txn.DoubleRead}, the other core: one read over several groups
 *   <li>{@link dev.ostrakon.txn.Decision}, the rules that give an outcome from statuses
 *   <li>{@link dev.ostrakon.txn.Split}, a transaction cut into one fragment a group
 * </ul>
 *
 * <p>Threads: everything is confined to whoever owns the {@link dev.ostrakon.txn.Coordinators}.
 */
@NullMarked
package dev.ostrakon.txn;

import org.jspecify.annotations.NullMarked;
