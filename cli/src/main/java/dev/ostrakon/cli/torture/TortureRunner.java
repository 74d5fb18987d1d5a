package dev.ostrakon.cli.torture;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Runs a torture against a cluster that is there, or one that it starts for the purpose. */
public final class TortureRunner {
  private final TortureSettings settings;
  private final Consumer<String> progress;
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * @param progress takes a line about every second
   */
  public TortureRunner(TortureSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Ends the run early, any thread: nothing heals, nothing is read once more. */
  public void stop() {
    stop.countDown();
  }

  /** Against nodes at these addresses, which nobody disturbs. */
  public TortureReport against(List<String> addresses) throws IOException, InterruptedException {
    return run(addresses, Faults.NONE);
  }

  /**
   * Against nodes of its own.
   *
   * @param folder takes their data and logs
   */
  public TortureReport spawning(int nodes, int groups, Path folder, Set<Fault> faults)
      throws IOException, InterruptedException {
    progress.accept("starting " + nodes + " nodes");
    try (SpawnedCluster cluster = SpawnedCluster.start(nodes, groups, folder)) {
      RandomSource random = new RandomSource(settings.seed()).fork("faults");
      return run(cluster.addresses(), new ClusterFaults(cluster, faults, random));
    }
  }

  private TortureReport run(List<String> addresses, Faults faults)
      throws IOException, InterruptedException {
    try (Store store = new SdkStore(OstrakonClient.connect(addresses.toArray(String[]::new)))) {
      return new Torture(settings, store, faults, progress, stop).run();
    }
  }
}
