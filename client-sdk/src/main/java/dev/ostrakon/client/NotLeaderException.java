package dev.ostrakon.client;

import dev.ostrakon.model.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No leader of the group was found in time: an election takes long, or a majority is away. */
public final class NotLeaderException extends RetryableException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable NodeId leaderHint;

  NotLeaderException(String message, @Nullable NodeId leaderHint) {
    super(message, null);
    this.leaderHint = leaderHint;
  }

  /** Whom the last node asked took for the leader. */
  public Optional<NodeId> leaderHint() {
    return Optional.ofNullable(leaderHint);
  }
}
