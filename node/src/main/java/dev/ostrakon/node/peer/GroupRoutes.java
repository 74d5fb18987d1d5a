package dev.ostrakon.node.peer;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
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

  /** Tells all replicas whose group has another one on that node. */
  void disconnected(NodeId node) {
    routes.values().forEach(route -> route.disconnected(node));
  }

  Optional<GroupRoute> find(GroupId group) {
    return Optional.ofNullable(routes.get(group));
  }
}
