package dev.ostrakon.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ZipfTest {
  private static final int DRAWS = 400_000;

  private static double[] frequencies(Zipf zipf, int count) {
    double[] frequencies = new double[count];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < DRAWS; i++) {
      frequencies[zipf.draw(random)] += 1.0 / DRAWS;
    }
    return frequencies;
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 0.9", "3, 0.99", "10, 0", "1000, 0.5", "1000, 0.99", "100000, 0.99"})
  void the_first_ranks_come_as_often_as_the_distribution_says(int count, double theta) {
    Zipf zipf = new Zipf(count, theta);

    double[] frequencies = frequencies(zipf, count);

    // The first two ranks are exact; from there on the algorithm approximates.
    for (int rank = 0; rank < Math.min(2, count); rank++) {
      assertThat(frequencies[rank]).isCloseTo(zipf.probability(rank), within(0.004));
    }
  }

  @Test
  void the_tail_weighs_as_much_as_the_distribution_says() {
    int count = 1_000;
    Zipf zipf = new Zipf(count, 0.9);

    double[] frequencies = frequencies(zipf, count);

    double expected = IntStream.range(100, count).mapToDouble(zipf::probability).sum();
    double actual = IntStream.range(100, count).mapToDouble(rank -> frequencies[rank]).sum();
    assertThat(actual).isCloseTo(expected, within(0.02));
  }

  @Test
  void all_probabilities_together_are_one() {
    Zipf zipf = new Zipf(500, 0.7);

    assertThat(IntStream.range(0, 500).mapToDouble(zipf::probability).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void without_skew_every_rank_comes_equally_often() {
    assertThat(frequencies(new Zipf(4, 0), 4))
        .contains(new double[] {.25, .25, .25, .25}, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "10, 1", "10, -0.1", "10, NaN"})
  void impossible_distributions_are_refused(int count, double theta) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(count, theta));
  }
}
