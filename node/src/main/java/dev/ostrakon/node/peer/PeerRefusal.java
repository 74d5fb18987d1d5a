package dev.ostrakon.node.peer;

import dev.ostrakon.model.NodeId;

/**
 * Why one end of a stream does not talk to the other.
 *
 * @param detail for people: what was expected and what was found
 */
public record PeerRefusal(Reason reason, String detail) {

  /** A node that came back with another disk, and what is to be done about it. */
  static PeerRefusal replacedDisk(NodeId node) {
    return new PeerRefusal(
        Reason.REPLACED_DISK,
        "node "
            + node
            + " came back with another disk, which does not know what the node promised;"
            + " nothing that was acknowledged is lost while a majority of each group's nodes is"
            + " there; start the node on its own folder, or leave it down; do not clear the folders"
            + " of other nodes to get it accepted");
  }

  /** The reasons. */
  public enum Reason {
    /** The major numbers of the wire format differ: run versions that understand each other. */
    WIRE_FORMAT,
    /** The other end belongs to another cluster. */
    WRONG_CLUSTER,
    /** Another node listens at this address. */
    WRONG_NODE,
    /** The caller is not a node of this cluster. */
    UNKNOWN_NODE,
    /**
     * The node has another disk than it has always had. It no longer knows what it voted for and
     * what it acknowledged, and must join under another id.
     */
    REPLACED_DISK,
    /** The other end does not speak the protocol. */
    MALFORMED,
    /** The other end is about to stop; worth another try. */
    STOPPING,
    /** Too many streams are open at the other end; worth another try. */
    OVERLOADED
  }

  @Override
  public String toString() {
    return reason + " (" + detail + ")";
  }
}
