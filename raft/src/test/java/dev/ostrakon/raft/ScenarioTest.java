package dev.ostrakon.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the transcripts in {@code src/test/resources/scenarios}: a comment says what each is about;
 * then commands of {@link ScenarioHandler}, one a line, followed by a line {@code ----}, what is
 * expected to happen, and an empty line.
 *
 * <p>With {@code -Dscenario.rewrite} the files are rewritten with what does happen; review the
 * difference like code.
 */
class ScenarioTest {

  private static final Path FOLDER = Path.of("src", "test", "resources", "scenarios");

  @TestFactory
  List<DynamicTest> scenarios_go_as_written() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<DynamicTest> tests =
          files
              .sorted()
              .map(file -> DynamicTest.dynamicTest(name(file), () -> check(file)))
              .toList();
      assertThat(tests).hasSizeGreaterThanOrEqualTo(10);
      return tests;
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).replace(".txt", "").replace('_', ' ');
  }

  private static void check(Path file) throws IOException {
    List<String> written = Files.readAllLines(file);
    List<String> happened = replay(written);
    if (System.getProperty("scenario.rewrite") != null) {
      Files.write(file, happened);
    } else {
      assertThat(happened).as("%s", file).isEqualTo(written);
    }
  }

  /** The file as it would have to be. */
  private static List<String> replay(List<String> written) {
    ScenarioHandler handler = new ScenarioHandler();
    List<String> happened = new ArrayList<>();
    boolean isExpectation = false;
    List<String> commands = new ArrayList<>();
    for (String line : written) {
      if (isExpectation) {
        isExpectation = !line.isEmpty();
        if (!isExpectation) {
          happened.add(line);
        }
      } else {
        happened.add(line);
        if (line.equals("----")) {
          commands.forEach(command -> happened.addAll(handler.run(command)));
          commands.clear();
          isExpectation = true;
        } else if (!line.isBlank() && !line.startsWith("#")) {
          commands.add(line);
        }
      }
    }
    return happened;
  }
}
