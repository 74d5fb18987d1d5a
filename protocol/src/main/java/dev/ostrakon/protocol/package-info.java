/**
 * The wire: generated stubs of the Protobuf files, and codecs to and from core types.
 *
 * <ul>
 *   <li><b>codec</b>: a class of static, pure functions, {@code encode} to the generated type and
 *       {@code decode} back. Decoding lets nothing pass that no correct peer sends: it throws
 *       {@link dev.ostrakon.protocol.MalformedMessageException}, which says what was wrong;
 *   <li><b>call</b>: what a client asks of a node, from a session or from a unary call;
 *   <li><b>answer</b>: what the node says to it;
 *   <li><b>service error</b>: why something was not done, as data.
 * </ul>
 *
 * <p>Byte arrays are handed through without copies where both sides keep them immutable: what was
 * encoded or decoded must never be changed afterwards. No state, hence any thread.
 */
@NullMarked
package dev.ostrakon.protocol;

import org.jspecify.annotations.NullMarked;
