/**
 * The transaction coordinator of PROTOCOL.md: a state machine that orders a transaction at its
 * participants, decides it from their statuses, and has the outcome applied. Keeps nothing on disk:
 * whoever asks the participants decides the same.
 */
@NullMarked
package dev.ostrakon.txn;

import org.jspecify.annotations.NullMarked;
