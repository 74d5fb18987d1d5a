package dev.ostrakon.examples.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BankReportTest {
  private static BankReport report(long mismatches, long sum, List<String> problems) {
    return new BankReport(
        1_200, 47_470, 0, mismatches, sum, 12.3, 12.5, 40.25, Double.NaN, problems);
  }

  @Test
  void a_good_run_has_one_line_that_programs_can_read() {
    assertThat(report(0, 0, List.of()).withFastPath(0.97).toLine())
        .isEqualTo(
            "bank: OK accounts=1200 transfers=47470 refused=0 mismatches=0 sum=0 seconds=12.3"
                + " tps=3859 p50_ms=12.50 p99_ms=40.25 fast_path=0.97");
  }

  @Test
  void whatever_is_wrong_makes_it_a_failed_run() {
    assertThat(report(1, 0, List.of()).toLine()).startsWith("bank: FAILED ");
    assertThat(report(0, 1, List.of()).toLine()).startsWith("bank: FAILED ");
    assertThat(report(0, 0, List.of("x")).toLine()).startsWith("bank: FAILED ");
  }

  @Test
  void a_share_that_nobody_knows_is_not_made_up() {
    assertThat(report(0, 0, List.of()).toLine()).endsWith(" fast_path=n/a");
  }
}
