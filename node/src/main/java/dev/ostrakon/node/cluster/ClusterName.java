package dev.ostrakon.node.cluster;

import dev.ostrakon.protocol.ErrorCode;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.v1.RequestHeader;
import java.util.Optional;

/** The name of this node's cluster. */
public record ClusterName(String id) {

  /** The error of a client that expects another cluster; an empty name expects any. */
  public Optional<ServiceError> refusalOf(String expected) {
    return expected.isEmpty() || expected.equals(id)
        ? Optional.empty()
        : Optional.of(
            new ServiceError(
                ErrorCode.WRONG_CLUSTER,
                "this is cluster '" + id + "', expected was '" + expected + "'"));
  }

  /** The error of a unary call that expects another cluster. */
  public Optional<ServiceError> refusalOf(RequestHeader header) {
    return refusalOf(header.getClusterId());
  }
}
