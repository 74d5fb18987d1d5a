package dev.ostrakon.client;

import dev.ostrakon.model.ClientId;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client is made of.
 *
 * @param addresses nodes to begin with, at least one
 * @param callbacks where futures complete
 * @param tls null for plain text
 * @param random a source of random numbers for each event loop
 */
record ClientSetup(
    ClientConfig config,
    List<String> addresses,
    Callbacks callbacks,
    @Nullable ClientTls tls,
    Supplier<RandomGenerator> random,
    Supplier<ClientId> clientIds) {
  ClientSetup {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("at least one address host:port expected, was none");
    }
    addresses.forEach(Connector::socketAddress);
  }

  ClientId newClientId() {
    return clientIds.get();
  }
}
