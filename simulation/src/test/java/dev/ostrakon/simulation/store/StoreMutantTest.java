package dev.ostrakon.simulation.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.simulation.engine.Trace;
import dev.ostrakon.simulation.mutant.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every broken variant is noticed by some invariant, with the same faults as everybody. */
final class StoreMutantTest {

  /** Tried one after the other if the seed that noticed once does not any more. */
  private static final long SEEDS_MAX = 1_000;

  @ParameterizedTest
  @EnumSource
  void a_mutant_is_caught(StoreMutant mutant) {
    OptionalLong noticed =
        LongStream.concat(LongStream.of(mutant.seed()), LongStream.rangeClosed(1, SEEDS_MAX))
            .filter(seed -> StoreRun.of(seed, mutant.rules(), Trace.silent()).failed())
            .findFirst();

    assertThat(noticed).as("%s survived %d seeds", mutant, SEEDS_MAX).isPresent();
  }

  @Test
  void the_tables_of_broken_variants_are_complete() throws IOException {
    String document = Files.readString(Path.of("../docs/internals/simulation.md"));
    for (StoreMutant mutant : StoreMutant.values()) {
      assertThat(document)
          .contains("| `" + mutant + "` | " + mutant.sentence() + " | " + mutant.seed() + " | ");
    }
    for (Mutant mutant : Mutant.values()) {
      assertThat(document).contains("| `" + mutant + "` | " + mutant.sentence() + " | ");
    }
  }
}
