package dev.ostrakon.simulation.cluster;

import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.LogWrite;
import dev.ostrakon.raft.RaftMessage;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.raft.ReplicaId;
import dev.ostrakon.raft.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;

/** Tells several observers, in the order in which they were added. */
final class Observers implements ClusterObserver {

  private final List<ClusterObserver> all = new ArrayList<>();

  void add(ClusterObserver observer) {
    all.add(observer);
  }

  @Override
  public void onBoot(int node) {
    all.forEach(each -> each.onBoot(node));
  }

  @Override
  public void onRecovered(Member<?, ?> member) {
    all.forEach(each -> each.onRecovered(member));
  }

  @Override
  public void onCrash(int node) {
    all.forEach(each -> each.onCrash(node));
  }

  @Override
  public void onSend(Member<?, ?> from, ReplicaId to, RaftMessage message) {
    for (ClusterObserver each : all) {
      each.onSend(from, to, message);
    }
  }

  @Override
  public void onDeliver(Member<?, ?> to, ReplicaId from, RaftMessage message) {
    for (ClusterObserver each : all) {
      each.onDeliver(to, from, message);
    }
  }

  @Override
  public void onDiskReplaced(int node) {
    all.forEach(each -> each.onDiskReplaced(node));
  }

  @Override
  public void onTick(Member<?, ?> member) {
    for (ClusterObserver each : all) {
      each.onTick(member);
    }
  }

  @Override
  public void onPersist(Member<?, ?> member, LogWrite write) {
    for (ClusterObserver each : all) {
      each.onPersist(member, write);
    }
  }

  @Override
  public void onPersisted(Member<?, ?> member) {
    for (ClusterObserver each : all) {
      each.onPersisted(member);
    }
  }

  @Override
  public void onApply(Member<?, ?> member, LogEntry entry) {
    for (ClusterObserver each : all) {
      each.onApply(member, entry);
    }
  }

  @Override
  public void onApplied(Member<?, ?> member, LogEntry entry, Object result, long contentHash) {
    for (ClusterObserver each : all) {
      each.onApplied(member, entry, result, contentHash);
    }
  }

  @Override
  public void onRestored(Member<?, ?> member, SnapshotMetadata at, long contentHash) {
    all.forEach(each -> each.onRestored(member, at, contentHash));
  }

  @Override
  public void onCheckpoint(Member<?, ?> member) {
    all.forEach(each -> each.onCheckpoint(member));
  }

  @Override
  public void onEvent(Member<?, ?> member, ReplicaEvent event) {
    all.forEach(each -> each.onEvent(member, event));
  }

  @Override
  public void onStopped(Member<?, ?> member, Throwable cause) {
    all.forEach(each -> each.onStopped(member, cause));
  }

  @Override
  public void afterTask(int node) {
    for (ClusterObserver each : all) {
      each.afterTask(node);
    }
  }
}
