package dev.ostrakon.node.tls;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Puts {@link TlsSettings} into the options of servers and clients. */
public final class TlsOptions {
  private TlsOptions() {}

  /** Lets a server encrypt, if the settings say so. */
  public static HttpServerOptions apply(TlsSettings tls, HttpServerOptions options) {
    Path certificate = tls.certificate();
    Path key = tls.key();
    if (certificate == null || key == null) {
      return options;
    }
    options.setSsl(true).setUseAlpn(true).setKeyCertOptions(keyCert(certificate, key));
    trust(tls.authority(), options);
    return options.setClientAuth(
        switch (tls.clients()) {
          case ANONYMOUS -> ClientAuth.NONE;
          case CERTIFIED -> ClientAuth.REQUIRED;
        });
  }

  /** Lets a client encrypt, if the settings say so. */
  public static HttpClientOptions apply(TlsSettings tls, HttpClientOptions options) {
    Path certificate = tls.certificate();
    Path key = tls.key();
    if (certificate == null || key == null) {
      return options;
    }
    options.setSsl(true).setUseAlpn(true).setKeyCertOptions(keyCert(certificate, key));
    Path authority = tls.authority();
    if (authority != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()));
    }
    return options;
  }

  private static PemKeyCertOptions keyCert(Path certificate, Path key) {
    return new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString());
  }

  private static void trust(@Nullable Path authority, HttpServerOptions options) {
    if (authority != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()));
    }
  }
}
