package dev.ostrakon.node.cluster;

import dev.ostrakon.model.GroupId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The shard groups with a replica on this node, ascending. Any thread. */
public final class LocalGroups {
  private final Map<GroupId, LocalGroup> groups = new ConcurrentSkipListMap<>();

  /** From now on a group is served. */
  public void add(LocalGroup group) {
    groups.put(group.group(), group);
  }

  /** The group of this id, if it has a replica here. */
  public Optional<LocalGroup> find(GroupId group) {
    return Optional.ofNullable(groups.get(group));
  }

  /** All of them, ascending. */
  public Collection<LocalGroup> all() {
    return groups.values();
  }
}
