package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientConfigTest {
  @ParameterizedTest
  @ValueSource(strings = {"Timeouts", "Bounds", "Stream", "Retry", "Connection"})
  void a_part_may_be_used_before_the_whole(String part) throws Exception {
    try (URLClassLoader fresh = freshClasses()) {
      String whole = ClientConfig.class.getName();
      Class.forName(whole + "$" + part, true, fresh);

      Object defaults = Class.forName(whole, true, fresh).getField("DEFAULTS").get(null);

      assertThat(defaults).asString().doesNotContain("null");
      assertThat(defaults).hasToString(ClientConfig.DEFAULTS.toString());
    }
  }

  /** Classes that nobody has initialised yet. */
  private static URLClassLoader freshClasses() {
    URL classes = ClientConfig.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
  }
}
