package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slots;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.ServiceError;
import dev.ostrakon.protocol.ShardsCall;
import dev.ostrakon.protocol.v1.RequestHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be asked for a key: the newest configuration heard of, where nodes listen, and whom we
 * take for each group's leader. Asks again when a node says that it knows better, one question at a
 * time whoever needs the answer.
 *
 * <p>Confined to one event loop.
 */
final class Router {
  private final ClientLoop loop;
  private final List<String> bootstrap;
  private final Map<GroupId, NodeId> leaders = new LinkedHashMap<>();
  private final Map<GroupId, Integer> guesses = new LinkedHashMap<>();
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final List<Call<?>> waiting = new ArrayList<>();
  private final BackOff backOff;
  private final Alarm alarm = new Alarm();

  /** Who was asked for the configuration since somebody last answered. */
  private final Attempts attempts = new Attempts();

  private @Nullable ClusterView view;
  private Slots slots = new Slots(1);
  private boolean isAsking;
  private int turn;
  private int nextAddress;
  private @Nullable String informed;
  private @Nullable Throwable lastFailure;

  Router(ClientLoop loop, List<String> bootstrap) {
    this.loop = loop;
    this.bootstrap = bootstrap;
    ClientConfig.Connection times = loop.config().connection();
    this.backOff = new BackOff(times.backoffMinMillis(), times.backoffMaxMillis(), loop.random());
  }

  boolean hasView() {
    return view != null;
  }

  Optional<ClusterView> view() {
    return Optional.ofNullable(view);
  }

  /** Why there is no view; null if nobody was asked yet. */
  @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** Who was asked for the configuration since somebody last answered. */
  List<CallReport.Asked> unanswered() {
    return attempts.toList();
  }

  Set<GroupId> groups() {
    return view == null ? Set.of() : view.configuration().groups().keySet();
  }

  /** The owner of a key; {@link GroupId#CONTROLLER} if there is none. */
  GroupId groupOf(Key key) {
    return view == null ? GroupId.CONTROLLER : view.configuration().ownerOf(slots.of(key));
  }

  /** Spreads requests of several groups over those that may coordinate them. */
  long turn(Call<?> call) {
    return call.sequence == Call.NO_SEQUENCE ? turn++ : call.sequence;
  }

  /** Whom to ask for a group: its leader as far as known, else its nodes one after the other. */
  @Nullable NodeId nodeOf(GroupId group) {
    ClusterView known = view;
    if (known == null) {
      return null;
    }
    NodeId leader = leaders.get(group);
    if (leader != null && known.addresses().containsKey(leader)) {
      return leader;
    }
    List<NodeId> nodes = known.configuration().nodesOf(group);
    int first = guesses.getOrDefault(group, 0);
    for (int i = 0; i < nodes.size(); i++) {
      NodeId node = nodes.get(Math.floorMod(first + i, nodes.size()));
      String address = known.addresses().get(node);
      if (address != null && !session(address).isPausing()) {
        return node;
      }
    }
    return nodes.isEmpty() ? null : nodes.get(Math.floorMod(first, nodes.size()));
  }

  /** Where a node listens; null if that is unknown. */
  @Nullable String addressOf(NodeId node) {
    return view == null ? null : view.addresses().get(node);
  }

  /** The stream to an address. */
  Session session(String address) {
    return sessions.computeIfAbsent(address, ignored -> new Session(loop, address));
  }

  /** Any address, a different one each time. */
  String nextAddress() {
    List<String> all = addresses();
    return all.get(Math.floorMod(nextAddress++, all.size()));
  }

  /** Every address that is known, those to begin with last. */
  List<String> addresses() {
    List<String> all = new ArrayList<>();
    if (view != null) {
      all.addAll(view.addresses().values());
    }
    bootstrap.stream().filter(address -> !all.contains(address)).forEach(all::add);
    return all;
  }

  /**
   * A node denies to lead a group; returns whether its hint leads to another one.
   *
   * @param asked the node that was asked
   */
  boolean onNotLeader(GroupId group, NodeId asked, ServiceError.Detail detail) {
    if (detail instanceof ServiceError.Leader hint && !hint.node().equals(asked)) {
      leaders.put(group, hint.node());
      ClusterView known = view;
      if (known != null && !hint.address().isEmpty()) {
        addAddress(known, hint);
      }
      return true;
    }
    suspect(group, asked);
    return false;
  }

  private void addAddress(ClusterView known, ServiceError.Leader hint) {
    if (!hint.address().equals(known.addresses().get(hint.node()))) {
      Map<NodeId, String> addresses = new TreeMap<>(known.addresses());
      addresses.put(hint.node(), hint.address());
      view = new ClusterView(known.configuration(), new TreeMap<>(addresses), known.changed());
    }
  }

  /** A node could not serve a group: the next one is tried. */
  void suspect(GroupId group, NodeId asked) {
    if (asked.equals(leaders.get(group))) {
      leaders.remove(group);
    }
    ClusterView known = view;
    if (known != null) {
      int position = known.configuration().nodesOf(group).indexOf(asked);
      guesses.put(group, position + 1);
    }
  }

  /** A node served a group. */
  void confirm(GroupId group, NodeId node) {
    if (!node.equals(leaders.get(group))) {
      leaders.put(group, node);
    }
  }

  /** Whether a configuration with this number is news. */
  boolean isNews(long number) {
    return view == null || number > view.configuration().number();
  }

  /** The call goes on when the next answer has come. */
  void await(Call<?> call) {
    waiting.add(call);
    refresh(null);
  }

  /**
   * Asks for the newest configuration, unless somebody is being asked already.
   *
   * @param address who is said to know; null for anybody
   */
  void refresh(@Nullable String address) {
    if (address != null) {
      informed = address;
    }
    if (!isAsking) {
      isAsking = true;
      ask();
    }
  }

  private void ask() {
    String address = informed;
    informed = null;
    if (address == null) {
      address = nextAddress();
    }
    String asked = address;
    ClientConfig config = loop.config();
    RequestHeader header =
        RequestHeader.newBuilder()
            .setClusterId(config.clusterId())
            .setTimeoutMillis(config.timeouts().attemptMillis())
            .build();
    loop.unary()
        .shards(address, new ShardsCall.Query(ShardsCall.LATEST, true), header)
        .onComplete(
            answer -> loop.turn(() -> onView(answer)),
            cause -> loop.turn(() -> onFailure(asked, cause)));
  }

  private void onView(ClusterView answer) {
    isAsking = false;
    backOff.reset();
    lastFailure = null;
    attempts.clear();
    if (view == null || answer.configuration().number() >= view.configuration().number()) {
      view = answer;
      slots = answer.configuration().slots();
    }
    List<Call<?>> all = List.copyOf(waiting);
    waiting.clear();
    for (Call<?> call : all) {
      if (!call.isCompleted && call.waiting == Call.Waiting.FOR_VIEW) {
        loop.runner().route(call);
      }
    }
  }

  private void onFailure(String asked, Throwable failure) {
    Throwable cause =
        failure instanceof UnaryCalls.ServiceErrorException told
            ? Failures.of(told.error())
            : failure;
    lastFailure = cause;
    attempts.add(asked, cause);
    waiting.removeIf(call -> call.isCompleted);
    if (view != null || loop.isEnded()) {
      isAsking = false;
      List<Call<?>> all = List.copyOf(waiting);
      waiting.clear();
      all.forEach(call -> loop.runner().pause(call, cause));
    } else {
      loop.setAlarm(alarm, backOff.nextDelayMillis());
    }
  }

  /** Until somebody has told the first configuration, the question goes on. */
  private final class Alarm extends TimerWheel.Entry {
    @Override
    void run() {}

    @Override
    void onTime(long nowNanos) {
      if (waiting.stream().allMatch(call -> call.isCompleted)) {
        isAsking = false;
        waiting.clear();
      } else {
        ask();
      }
    }
  }

  /** Ends all streams. */
  void end() {
    sessions.values().forEach(Session::end);
    waiting.clear();
  }
}
