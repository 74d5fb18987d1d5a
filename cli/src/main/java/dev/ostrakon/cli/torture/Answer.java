package dev.ostrakon.cli.torture;

import dev.ostrakon.client.LostRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a client was told, as strictly as a history has it.
 *
 * @param <T> the answer of a request that took effect
 */
sealed interface Answer<T> {

  /** It took effect, once. */
  record Ok<T>(T value) implements Answer<T> {}

  /** It definitely had no effect and never will. */
  record Failed<T>(String reason) implements Answer<T> {}

  /**
   * Nobody knows.
   *
   * @param lost what to ask for; null if there is nothing to ask for
   */
  record Unknown<T>(@Nullable LostRequest lost, String reason) implements Answer<T> {}

  /** The same with another value. */
  default <R> Answer<R> map(Function<T, R> function) {
    if (this instanceof Ok<T> ok) {
      return new Ok<>(function.apply(ok.value()));
    }
    if (this instanceof Unknown<T> unknown) {
      return new Unknown<>(unknown.lost(), unknown.reason());
    }
    return new Failed<>(((Failed<T>) this).reason());
  }
}
