package dev.ostrakon.cli.torture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Watches node processes: notices which ended by themselves, and measures what they take. One
 * thread, which looks at least once a second.
 */
final class NodeWatch implements Watch {
  private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<NodeProcess, NodeUsage> nodes = new LinkedHashMap<>();
  private long nextSampleNanos = System.nanoTime();
  private boolean isMeasuring;

  NodeWatch(List<NodeProcess> nodes) {
    nodes.forEach(node -> this.nodes.put(node, new NodeUsage(node.name())));
  }

  @Override
  public void measure() {
    isMeasuring = true;
  }

  @Override
  public List<String> deaths() {
    List<String> deaths = new ArrayList<>();
    nodes.keySet().forEach(node -> deaths.addAll(node.takeDeaths()));
    if (isMeasuring && System.nanoTime() - nextSampleNanos >= 0) {
      nextSampleNanos = System.nanoTime() + SAMPLE_NANOS;
      nodes.forEach((node, usage) -> node.sample().ifPresent(usage::add));
    }
    return deaths;
  }

  @Override
  public List<String> usage() {
    List<String> lines = new ArrayList<>();
    nodes.forEach((node, usage) -> usage.describe(node.starts()).ifPresent(lines::add));
    return lines;
  }
}
