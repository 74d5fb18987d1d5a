package dev.ostrakon.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a deterministic core must not use (R24, R75). */
final class CoreBans {
  private static final List<String> PACKAGES =
      List.of("java.io", "java.net", "java.nio.file", "java.nio.channels", "java.util.logging");

  private static final List<String> ALLOWED_IN_BANNED_PACKAGES =
      List.of("java.io.Serializable", "java.io.Serial", "java.io.ObjectStreamException");

  /** Plain atomics carry no scheduling: the one clock that the loops of a node share needs one. */
  private static final String ATOMICS = "java.util.concurrent.atomic";

  private static final Set<String> NAMES =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.security.SecureRandom",
          "java.time.Clock",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.UUID");

  private static final Map<String, Set<String>> METHODS =
      Map.of(
          "java.lang.System",
              Set.of(
                  "currentTimeMillis",
                  "nanoTime",
                  "getenv",
                  "getProperty",
                  "exit",
                  "out",
                  "err",
                  "identityHashCode"),
          "java.lang.Math", Set.of("random"),
          "java.time.Instant", Set.of("now"),
          "java.util.Collections", Set.of("shuffle"));

  /** Types that read clocks, run threads, draw random numbers or reach files and networks. */
  static final DescribedPredicate<JavaClass> TYPES =
      DescribedPredicate.describe("reach outside of a core", CoreBans::reachesOutside);

  /** Members of otherwise harmless types that do the same. */
  static final DescribedPredicate<AccessTarget> MEMBERS =
      DescribedPredicate.describe("the target reaches outside of a core", CoreBans::isBanned);

  private CoreBans() {}

  private static boolean reachesOutside(JavaClass type) {
    String home = type.getPackageName();
    if (home.startsWith("java.util.concurrent")) {
      return !home.equals(ATOMICS);
    }
    boolean bannedPackage =
        PACKAGES.stream().anyMatch(banned -> home.equals(banned) || home.startsWith(banned + "."));
    return NAMES.contains(type.getName())
        || (bannedPackage && !ALLOWED_IN_BANNED_PACKAGES.contains(type.getName()));
  }

  private static boolean isBanned(AccessTarget target) {
    return target.getName().equals("parallelStream")
        || METHODS.getOrDefault(target.getOwner().getName(), Set.of()).contains(target.getName());
  }
}
