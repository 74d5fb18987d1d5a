package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;

/**
 * Which group a sending is for.
 *
 * @param group {@link GroupId#CONTROLLER} if no group owns what is asked for
 * @param isOnly whether no other group is concerned
 */
record Target(GroupId group, boolean isOnly) {
  boolean isNobody() {
    return group.equals(GroupId.CONTROLLER);
  }
}
