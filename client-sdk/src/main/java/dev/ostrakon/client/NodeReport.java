package dev.ostrakon.client;

import dev.ostrakon.protocol.NodeStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one node of a cluster said of itself, or why it said nothing. */
public final class NodeReport {
  private final String address;
  private final @Nullable NodeStatus status;
  private final @Nullable KvException failure;

  NodeReport(String address, @Nullable NodeStatus status, @Nullable KvException failure) {
    this.address = address;
    this.status = status;
    this.failure = failure;
  }

  /** Where it was asked, {@code host:port}. */
  public String address() {
    return address;
  }

  /** What it said; empty if it could not be asked. */
  public Optional<NodeStatus> status() {
    return Optional.ofNullable(status);
  }

  /** Why it could not be asked; empty if it answered. */
  public Optional<KvException> failure() {
    return Optional.ofNullable(failure);
  }
}
