package dev.ostrakon.node.shards;

import dev.ostrakon.group.ShardFront;
import dev.ostrakon.group.command.GroupSettings;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.cluster.LocalGroups;
import dev.ostrakon.node.cluster.Routes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's map of the cluster up to date, founds the cluster if that is still to be done, and
 * lets the groups that this node leads adopt configurations, one at a time, in order. Confined to
 * one event loop.
 */
public final class ConfigurationWatch {
  private static final Logger log = LoggerFactory.getLogger(ConfigurationWatch.class);

  private static final long NOTHING = -1;
  private static final long ADOPT_NANOS = 5_000_000_000L;

  private final ConfigurationSource source;
  private final Supplier<Optional<Founding>> founding;
  private final ClusterMap map;
  private final LocalGroups groups;
  private final GroupSettings settings;

  /**
   * A watch.
   *
   * @param founding for a node with a replica of the controller
   * @param settings what groups agree on with their first configuration
   */
  public ConfigurationWatch(
      ConfigurationSource source,
      Supplier<Optional<Founding>> founding,
      ClusterMap map,
      LocalGroups groups,
      GroupSettings settings) {
    this.source = source;
    this.founding = founding;
    this.map = map;
    this.groups = groups;
    this.settings = settings;
  }

  /** Does all that is to do; ends well whatever happens, and is to be repeated after a while. */
  public Future<Void> advance() {
    return founding
        .get()
        .map(Founding::advance)
        .orElseGet(Future::succeededFuture)
        .compose(founded -> source.newest())
        .compose(
            newest -> {
              newest.ifPresent(this::learn);
              return adoptAll();
            })
        .otherwise(
            cause -> {
              log.debug("configuration not heard node={} cause={}", map.self(), cause.toString());
              return null;
            });
  }

  private void learn(Configuration configuration) {
    if (map.learn(configuration)) {
      log.info("configuration node={} number={}", map.self(), configuration.number());
    }
  }

  private Future<Void> adoptAll() {
    Optional<Routes> routes = map.routes();
    if (routes.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Future<Void>> adopting = new ArrayList<>();
    groups.all().forEach(group -> adopting.add(adopt(group, routes.get().configuration())));
    return Future.join(adopting).mapEmpty();
  }

  private Future<Void> adopt(LocalGroup group, Configuration newest) {
    return wanted(group, newest)
        .compose(
            number -> {
              if (number == NOTHING) {
                return Future.succeededFuture();
              }
              Future<Configuration> configuration =
                  number == newest.number()
                      ? Future.succeededFuture(newest)
                      : source.numbered(number);
              return configuration.compose(found -> adoptAtLeader(group, found));
            });
  }

  /** The number of the configuration that a group is to adopt next, or {@link #NOTHING}. */
  private static Future<Long> wanted(LocalGroup group, Configuration newest) {
    Promise<Long> wanted = Promise.promise();
    group
        .owner()
        .execute(
            () -> {
              ShardFront front = group.front();
              if (!front.isLeading()) {
                wanted.complete(NOTHING);
              } else if (!front.hasConfiguration()) {
                wanted.complete(newest.number());
              } else {
                long next = front.configurationNumber() + 1;
                wanted.complete(next <= newest.number() ? next : NOTHING);
              }
            });
    return wanted.future();
  }

  private Future<Void> adoptAtLeader(LocalGroup group, Configuration configuration) {
    Promise<Void> done = Promise.promise();
    group
        .owner()
        .execute(
            () ->
                group
                    .front()
                    .adopt(
                        settings,
                        configuration,
                        group.owner().nowNanos() + ADOPT_NANOS,
                        answer -> {
                          log.info(
                              "adoption node={} group={} configuration={} answer={}",
                              map.self(),
                              group.group(),
                              configuration.number(),
                              answer);
                          done.complete();
                        }));
    return done.future();
  }
}
