package dev.ostrakon.node.peer;

import dev.ostrakon.model.GroupId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The groups that have a replica on this node. Written seldom, read for every message: any thread.
 */
final class GroupRoutes {

  private final Map<GroupId, GroupRoute> routes = new ConcurrentHashMap<>();

  /** Adds or replaces the route of a group. */
  void put(GroupRoute route) {
    routes.put(route.group(), route);
  }

  void remove(GroupId group) {
    routes.remove(group);
  }

  Optional<GroupRoute> find(GroupId group) {
    return Optional.ofNullable(routes.get(group));
  }
}
