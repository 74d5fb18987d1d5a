package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What no thread catches ends a server process, with a reason and an exit code. */
class ProcessEndTest {

  private record Ended(int code, String text) {}

  @Test
  void exception_that_no_thread_catches_ends_the_process_and_says_why() throws Exception {
    Ended ended = run("bug");
    assertThat(ended.code()).isEqualTo(ProcessEnd.FAILED);
    assertThat(ended.text()).contains("thread failing failed").contains("a bug");
  }

  @Test
  void exhausted_memory_ends_the_process_with_an_exit_code_of_its_own() throws Exception {
    Ended ended = run("memory");
    assertThat(ended.code()).isEqualTo(ProcessEnd.OUT_OF_MEMORY);
    assertThat(ended.text()).contains("out of memory").contains("Direct buffer memory");
  }

  @Test
  void exhausted_memory_is_recognised_behind_what_was_made_of_it() {
    List<Integer> codes = new ArrayList<>();
    ProcessEnd end = new ProcessEnd(codes::add);
    Throwable wrapped = new IllegalStateException("wrapped", new OutOfMemoryError("by a test"));
    end.uncaughtException(Thread.currentThread(), wrapped);
    assertThat(codes).containsExactly(ProcessEnd.OUT_OF_MEMORY);
  }

  private static Ended run(String how) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ProcessEndChild.class.getName(),
                how)
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(Awaits.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), text);
  }
}
