package dev.ostrakon.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.checker.Budget;
import dev.ostrakon.checker.Verdict;
import dev.ostrakon.cli.history.HistoryFile;
import dev.ostrakon.cli.history.HistoryFile.Form;
import dev.ostrakon.cli.history.MalformedHistoryException;
import dev.ostrakon.cli.torture.MemoryStore.Defect;
import dev.ostrakon.cli.torture.TortureSettings.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tortures of a store in memory: do workloads, histories and checkers fit together? */
final class TortureTest {
  private static final double TROUBLE = 0.002;

  @TempDir private Path folder;

  private Verdict verdict(Kind kind, double trouble, Defect defect)
      throws IOException, InterruptedException, MalformedHistoryException {
    Path file = folder.resolve(kind == Kind.REGISTER ? "history.jsonl" : "history.edn");
    TortureSettings settings = new TortureSettings(kind, 4, 1, 5, 2_000, 7, file, "t/");
    List<String> progress = new ArrayList<>();
    Store store = new MemoryStore(7, trouble, defect);

    TortureReport report =
        new Torture(settings, store, Surroundings.QUIET, progress::add, new CountDownLatch(1))
            .run();

    assertThat(report.problems()).isEmpty();
    assertThat(report.ok()).isGreaterThan(100);
    assertThat(report.ops()).isEqualTo(report.ok() + report.failed() + report.unknown());
    assertThat(progress).isNotEmpty();
    HistoryFile checked = HistoryFile.check(file, Form.of(file).orElseThrow(), Budget.DEFAULT);
    assertThat(checked.kind().name()).isEqualTo(kind.name());
    return checked.report().verdict();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_store_that_loses_answers_only_is_found_valid(Kind kind) throws Exception {
    assertThat(verdict(kind, TROUBLE, Defect.NONE)).isEqualTo(Verdict.VALID);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_store_that_loses_writes_is_found_invalid(Kind kind) throws Exception {
    assertThat(verdict(kind, 0, Defect.LOSES_WRITES)).isEqualTo(Verdict.INVALID);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_store_that_does_what_it_refuses_is_found_invalid(Kind kind) throws Exception {
    assertThat(verdict(kind, 0.01, Defect.DOES_WHAT_IT_REFUSES)).isNotEqualTo(Verdict.VALID);
  }
}
