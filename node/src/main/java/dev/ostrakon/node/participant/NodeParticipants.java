package dev.ostrakon.node.participant;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.ParticipantAnswer;
import dev.ostrakon.model.ParticipantCall;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.FrontCalls;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.raft.RandomSource;
import dev.ostrakon.replica.Scheduler;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The way from one event loop to the leader of any group, here or on a peer. Confined to that loop,
 * on which answers arrive.
 *
 * <p>Who leads is guessed: from what the replicas here know, else from hints, else one node after
 * the other. A wrong guess is answered with a better one.
 */
public final class NodeParticipants {
  private final ParticipantEnvironment environment;
  private final FrontCalls local;
  private final Scheduler loop;
  private final RandomSource random = new RandomSource(new SecureRandom().nextLong());
  private final Map<NodeId, ParticipantLink> links = new TreeMap<>();

  /** Where the next guess is taken from if nothing is known. */
  private int turn;

  /** Knows no peers yet. */
  public NodeParticipants(ParticipantEnvironment environment, FrontCalls local, Scheduler loop) {
    this.environment = environment;
    this.local = local;
    this.loop = loop;
  }

  /** Adds a peer, before anything is sent. */
  public void addPeer(NodeId peer, NodeAddress address) {
    links.put(
        peer, new ParticipantLink(environment, peer, address, loop, random.fork(peer.name())));
  }

  /** Asks the leader of a group; answers exactly once. */
  public void send(
      GroupId group, ParticipantCall call, long deadlineNanos, Consumer<ParticipantAnswer> done) {
    NodeId target = target(group);
    Consumer<ParticipantAnswer> learning = answer -> done.accept(learn(group, target, answer));
    ParticipantLink link = links.get(target);
    if (link == null) {
      ask(local, group, call, deadlineNanos, learning);
    } else {
      link.send(group, call, deadlineNanos, learning);
    }
  }

  /** Asks the replica of a group on this node. */
  static void ask(
      FrontCalls fronts,
      GroupId group,
      ParticipantCall call,
      long deadlineNanos,
      Consumer<ParticipantAnswer> done) {
    boolean asked =
        fronts.<ParticipantAnswer>ask(
            group, (front, listener) -> front.participate(call, deadlineNanos, listener), done);
    if (!asked) {
      done.accept(new ParticipantAnswer.NotLeader(Optional.empty()));
    }
  }

  private NodeId target(GroupId group) {
    ClusterMap map = environment.map();
    Optional<NodeId> leader = map.leaderOf(group);
    if (leader.isPresent()) {
      return leader.get();
    }
    List<NodeId> nodes =
        map.routes().map(routes -> routes.configuration().nodesOf(group)).orElse(List.of());
    if (nodes.isEmpty()) {
      return map.self();
    }
    turn++;
    return nodes.get(Math.floorMod(turn, nodes.size()));
  }

  /** For a group without a replica here the answers are all that is known of its leader. */
  private ParticipantAnswer learn(GroupId group, NodeId asked, ParticipantAnswer answer) {
    if (local.contains(group)) {
      return answer;
    }
    if (answer instanceof ParticipantAnswer.NotLeader elsewhere) {
      environment.map().learnLeader(group, elsewhere.leader().filter(node -> !node.equals(asked)));
    } else if (answer instanceof ParticipantAnswer.Lost) {
      environment.map().learnLeader(group, Optional.empty());
    } else {
      environment.map().learnLeader(group, Optional.of(asked));
    }
    return answer;
  }

  /** Answers what has run out of time; to be called often. */
  public void tick() {
    links.values().forEach(ParticipantLink::tick);
  }

  /** Closes all streams for good. */
  public void stop() {
    links.values().forEach(ParticipantLink::stop);
  }
}
