package dev.ostrakon.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted. Files are PEM.
 *
 * @param authority whose signature the nodes' certificates must have; null for the JVM's own trust
 * @param certificate who this client is; null if nodes do not ask
 * @param key the private key of the certificate; null exactly if there is none
 */
public record ClientTls(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {
  /** Requires a key for a certificate. */
  public ClientTls {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "a certificate and its key are given together, were " + certificate + " and " + key);
    }
  }

  /** For nodes that do not ask who their clients are. */
  public static ClientTls trusting(Path authority) {
    return new ClientTls(authority, null, null);
  }
}
