package dev.ostrakon.node.cluster;

import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Slots;
import dev.ostrakon.model.Transaction;
import java.util.List;
import java.util.Optional;

/** Which group owns which key under one configuration. Immutable; any thread. */
public final class Routes {
  private final Configuration configuration;
  private final Slots slots;

  /** The routes of a configuration. */
  public Routes(Configuration configuration) {
    this.configuration = configuration;
    this.slots = configuration.slots();
  }

  /** The configuration that these are the routes of. */
  public Configuration configuration() {
    return configuration;
  }

  /** The group that owns a key. */
  public GroupId groupOf(Key key) {
    return configuration.ownerOf(slots.of(key));
  }

  /** The one group that owns all keys of a transaction; empty if there are several, or none. */
  public Optional<GroupId> onlyGroupOf(Transaction transaction) {
    GroupId only = null;
    for (Condition condition : transaction.conditions()) {
      GroupId group = groupOf(condition.key());
      if (only != null && !group.equals(only)) {
        return Optional.empty();
      }
      only = group;
    }
    for (List<Operation> branch : List.of(transaction.then(), transaction.otherwise())) {
      for (Operation operation : branch) {
        GroupId group = groupOf(operation.key());
        if (only != null && !group.equals(only)) {
          return Optional.empty();
        }
        only = group;
      }
    }
    return Optional.ofNullable(only);
  }
}
