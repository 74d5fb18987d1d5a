package dev.ostrakon.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's own files, found from the folder of the module whose tests run. */
final class ProjectFiles {
  private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");

  private final Path root;

  private ProjectFiles(Path root) {
    this.root = root;
  }

  /** Looks upwards from the working folder for the folder that holds the launcher. */
  static ProjectFiles locate() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("bin/ostrakon"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("no bin/ostrakon above " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return new ProjectFiles(folder);
  }

  /** The modules that the parent POM names, in its order. */
  List<Path> modules() {
    return MODULE
        .matcher(read(root.resolve("pom.xml")))
        .results()
        .map(match -> root.resolve(match.group(1)))
        .toList();
  }

  /** The packages directly under {@code dev.ostrakon} that the module's main sources define. */
  List<String> packageRoots(Path module) {
    Path base = module.resolve("src/main/java/dev/ostrakon");
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(base)) {
      return children.filter(Files::isDirectory).map(p -> p.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files under the {@code src} folders of all modules whose name the filter accepts. */
  List<Path> sources(Predicate<String> name) {
    return modules().stream()
        .map(module -> module.resolve("src"))
        .filter(Files::isDirectory)
        .flatMap(ProjectFiles::walk)
        .filter(path -> name.test(path.getFileName().toString()))
        .toList();
  }

  /** The path as it reads from the root of the project. */
  String display(Path path) {
    return root.relativize(path).toString();
  }

  static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> walk(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
