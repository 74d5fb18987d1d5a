package dev.ostrakon.node.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How connections are encrypted, with files in PEM form. One certificate serves both directions:
 * clients and peers see it, and the node shows it when it connects to peers.
 *
 * @param certificate the node's certificate chain; null for connections in the clear
 * @param key its private key; there exactly if the certificate is
 * @param authority whose certificates are trusted; null for the authorities of the JDK
 * @param clients whether clients must show a certificate of the authority
 */
public record TlsSettings(
    @Nullable Path certificate, @Nullable Path key, @Nullable Path authority, Clients clients) {

  /** What is asked of who connects. */
  public enum Clients {
    /** Anybody may come. */
    ANONYMOUS,
    /** Only who shows a certificate of the authority. */
    CERTIFIED
  }

  /** Connections in the clear. */
  public static final TlsSettings NONE = new TlsSettings(null, null, null, Clients.ANONYMOUS);

  /** Whether connections are encrypted. */
  public boolean isEnabled() {
    return certificate != null;
  }

  /** One sentence for each rule that is broken; empty if the settings can be used. */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    if ((certificate == null) != (key == null)) {
      violations.add("tls-cert and tls-key go together, only one was given");
    }
    if (certificate == null && authority != null) {
      violations.add("tls-ca needs tls-cert and tls-key, which were not given");
    }
    if (clients == Clients.CERTIFIED && authority == null) {
      violations.add("tls-clients=certified needs tls-ca, which was not given");
    }
    requireFile(violations, "tls-cert", certificate);
    requireFile(violations, "tls-key", key);
    requireFile(violations, "tls-ca", authority);
    return violations;
  }

  private static void requireFile(List<String> violations, String name, @Nullable Path file) {
    if (file != null && !Files.isReadable(file)) {
      violations.add(name + " is a readable file, was " + file);
    }
  }
}
