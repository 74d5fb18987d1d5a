package dev.ostrakon.architecture;

import java.util.List;
import java.util.Set;

/**
 * One row of the table of allowed arrows in {@code docs/ARCHITECTURE.md}.
 *
 * @param root the package directly under {@code dev.ostrakon}
 * @param mayUse the other roots that its classes may use
 * @param libraries prefixes of the packages outside the project and the JDK that they may use
 */
record ModuleRule(String root, Set<String> mayUse, List<String> libraries) {
  private static final String PROJECT = "dev.ostrakon.";
  private static final List<String> EVERYWHERE = List.of("java.", "javax.", "org.jspecify.");

  static ModuleRule core(String root, String... mayUse) {
    return new ModuleRule(root, Set.of(mayUse), List.of());
  }

  ModuleRule with(String... prefixes) {
    return new ModuleRule(root, mayUse, List.of(prefixes));
  }

  /** Whether a class of this root may use a class of the named package. */
  boolean allows(String packageName) {
    if (packageName.isEmpty()) {
      return true;
    }
    if (packageName.startsWith(PROJECT)) {
      String other = rootOf(packageName);
      return other.equals(root) || mayUse.contains(other);
    }
    String dotted = packageName + ".";
    return EVERYWHERE.stream().anyMatch(dotted::startsWith)
        || libraries.stream().anyMatch(dotted::startsWith);
  }

  /** The part of a package name of the project that follows {@code dev.ostrakon}. */
  static String rootOf(String packageName) {
    String rest = packageName.substring(PROJECT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
