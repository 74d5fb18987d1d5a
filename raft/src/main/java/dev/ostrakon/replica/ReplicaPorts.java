package dev.ostrakon.replica;

/** What a replica touches the world through. */
public record ReplicaPorts(
    LogStorage log, StateStore state, PeerTransport transport, Scheduler scheduler) {}
