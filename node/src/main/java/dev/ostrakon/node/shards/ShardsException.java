package dev.ostrakon.node.shards;

import dev.ostrakon.protocol.ServiceError;

/** The controller did not do or did not answer something; carries what a client is told. */
final class ShardsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ServiceError error;

  ShardsException(ServiceError error) {
    super(error.message());
    this.error = error;
  }

  ServiceError error() {
    return error;
  }
}
