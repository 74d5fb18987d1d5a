package dev.ostrakon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What no source file of the project may contain: rules that need the text, not the classes. */
final class SourceRulesTest {
  private static final int FILE_LINES_MAX = 600;

  /** Written so that this file does not break the rule that it checks. */
  private static final Pattern TO_DO_MARKER =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  private static final Pattern TRACKED_MARKER =
      Pattern.compile("\\bTO" + "DO\\((required|desired|idea)\\): .+, #\\d+");

  private static final Pattern REQUIRED_MARKER = Pattern.compile("\\bTO" + "DO\\(required");
  private static final Pattern WILDCARD_IMPORT =
      Pattern.compile("^import (static )?[\\w.]+\\.\\*;");
  private static final Pattern TEST_METHOD =
      Pattern.compile("(?m)^  @(Test|Property|Example|ParameterizedTest|RepeatedTest)\\b");

  private static final Pattern SLEEP = Pattern.compile("\\bThread" + "\\.sleep\\b");

  private final ProjectFiles project = ProjectFiles.locate();

  @Test
  void no_java_file_is_longer_than_the_limit() {
    List<String> tooLong =
        javaFiles().stream()
            .filter(file -> ProjectFiles.read(file).lines().count() > FILE_LINES_MAX)
            .map(project::display)
            .toList();

    assertThat(tooLong).as("files of more than %d lines", FILE_LINES_MAX).isEmpty();
  }

  @Test
  void every_to_do_marker_names_its_kind_and_its_issue() {
    assertThat(
            linesWhere(
                line -> TO_DO_MARKER.matcher(line).find() && !TRACKED_MARKER.matcher(line).find()))
        .as("markers that are not of the form kind: text, #issue")
        .isEmpty();
  }

  @Test
  void a_release_contains_nothing_that_is_still_required() {
    String pom = ProjectFiles.read(project.modules().get(0).resolve("pom.xml"));
    if (!pom.contains("-SNAPSHOT</version>")) {
      assertThat(linesWhere(line -> REQUIRED_MARKER.matcher(line).find())).isEmpty();
    }
  }

  @Test
  void no_import_uses_a_wildcard() {
    assertThat(linesWhere(line -> WILDCARD_IMPORT.matcher(line).find())).isEmpty();
  }

  @Test
  void every_test_class_has_a_name_that_the_runners_look_for() {
    List<String> overlooked =
        javaFiles().stream()
            .filter(file -> !file.getFileName().toString().matches(".*(Test|IT)\\.java"))
            .filter(file -> TEST_METHOD.matcher(ProjectFiles.read(file)).find())
            .filter(file -> !isContract(file))
            .map(project::display)
            .toList();

    assertThat(overlooked).as("tests that no runner runs").isEmpty();
  }

  @Test
  void nothing_sleeps() {
    assertThat(linesWhere(line -> SLEEP.matcher(line).find()))
        .as("waits of a fixed time")
        .isEmpty();
  }

  /** The tests of a contract run in the classes that extend it, one for each implementation. */
  private static boolean isContract(Path file) {
    String name = file.getFileName().toString().replace(".java", "");
    return name.endsWith("Contract")
        && ProjectFiles.read(file).contains("public abstract class " + name);
  }

  private List<Path> javaFiles() {
    List<Path> files = project.sources(name -> name.endsWith(".java"));
    assertThat(files).as("Java sources").isNotEmpty();
    return files;
  }

  private List<String> linesWhere(Predicate<String> broken) {
    List<String> found = new ArrayList<>();
    for (Path file :
        project.sources(name -> name.matches(".*\\.(java|proto|xml|properties|yaml)"))) {
      List<String> lines = ProjectFiles.read(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (broken.test(lines.get(i))) {
          found.add(project.display(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }
}
