/**
 * The driver of one replica and the ports through which it touches the world.
 *
 * <p>{@link dev.ostrakon.replica.Replica} carries out what {@link dev.ostrakon.raft.RaftNode}
 * decides, against {@link dev.ostrakon.replica.LogStorage}, {@link
 * dev.ostrakon.replica.StateStore}, {@link dev.ostrakon.replica.PeerTransport} and {@link
 * dev.ostrakon.replica.Scheduler}. It is the same class in production and in simulation.
 *
 * <p>Threading: a replica and everything it owns is confined to one owner, an event loop or the
 * simulator. Ports are called by the owner and call back on the owner, always after the call that
 * caused it has returned unless a port says otherwise.
 */
@NullMarked
package dev.ostrakon.replica;

import org.jspecify.annotations.NullMarked;
