package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.RequestId;

/** Where a node takes the ids of unary calls that bring none. */
public interface CallIds {
  /** An id that nobody has used before. */
  RequestId next();

  /** What nobody will ask for again of the calls that were given ids here. */
  default Acknowledgement acknowledgement() {
    return Acknowledgement.NONE;
  }

  /** The node's hybrid time. */
  HybridTimestamp now();
}
