package dev.ostrakon.cli.torture;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.raft.RandomSource;
import java.io.IOException;
import java.util.List;
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
    return run(addresses, Faults.NONE, Watch.NONE);
  }

  /** Against nodes of its own; ends early if one of them ends by itself. */
  public TortureReport spawning(SpawnSettings spawn) throws IOException, InterruptedException {
    progress.accept("starting " + spawn.nodes() + " nodes");
    try (SpawnedCluster cluster =
        SpawnedCluster.start(spawn.nodes(), spawn.groups(), spawn.heap(), spawn.folder())) {
      RandomSource random = new RandomSource(settings.seed()).fork("faults");
      return run(
          cluster.addresses(),
          new ClusterFaults(cluster, spawn.faults(), random),
          new NodeWatch(cluster.nodes()));
    }
  }

  private TortureReport run(List<String> addresses, Faults faults, Watch watch)
      throws IOException, InterruptedException {
    try (Store store = new SdkStore(OstrakonClient.connect(addresses.toArray(String[]::new)))) {
      return new Torture(settings, store, new Surroundings(faults, watch), progress, stop).run();
    }
  }
}
