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
import java.util.LinkedHashSet;
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

  /** The number of the present question; answers to earlier ones are late. */
  private long question;

  /** How many nodes were asked the present question. */
  private int askedCount;

  /** Those of them that have neither answered nor failed. */
  private final Set<String> unanswered = new LinkedHashSet<>();

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
    List<CallReport.Asked> all = new ArrayList<>(attempts.toList());
    if (isAsking) {
      unanswered.forEach(
          address -> all.add(new CallReport.Asked(address, "has not answered yet", 1)));
    }
    return all;
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
    String leaderAddress = leader == null ? null : known.addresses().get(leader);
    if (leaderAddress != null && !session(leaderAddress).isSuspect()) {
      return leader;
    }
    NodeId other = usableNodeOf(known, group);
    if (other != null) {
      return other;
    }
    if (leaderAddress != null) {
      return leader;
    }
    List<NodeId> nodes = known.configuration().nodesOf(group);
    int first = guesses.getOrDefault(group, 0);
    return nodes.isEmpty() ? null : nodes.get(Math.floorMod(first, nodes.size()));
  }

  /** The next node of a group that can be expected to answer; null if there is none. */
  private @Nullable NodeId usableNodeOf(ClusterView known, GroupId group) {
    List<NodeId> nodes = known.configuration().nodesOf(group);
    int first = guesses.getOrDefault(group, 0);
    for (int i = 0; i < nodes.size(); i++) {
      NodeId node = nodes.get(Math.floorMod(first + i, nodes.size()));
      String address = known.addresses().get(node);
      if (address != null && session(address).isUsable()) {
        return node;
      }
    }
    return null;
  }

  /** Whether a group has a node that can be expected to answer. */
  boolean hasUsableNode(GroupId group) {
    ClusterView known = view;
    return known != null && usableNodeOf(known, group) != null;
  }

  /** Where a node listens; null if that is unknown. */
  @Nullable String addressOf(NodeId node) {
    return view == null ? null : view.addresses().get(node);
  }

  /** The stream to an address. */
  Session session(String address) {
    return sessions.computeIfAbsent(address, ignored -> new Session(loop, address));
  }

  /** Any address, a different one each time; of a node that can be expected to answer, if any. */
  String nextAddress() {
    List<String> all = addresses();
    for (int i = 0; i < all.size(); i++) {
      String address = all.get(Math.floorMod(nextAddress++, all.size()));
      Session open = sessions.get(address);
      if (open == null || open.isUsable()) {
        return address;
      }
    }
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
      ClusterView known = view;
      if (known != null && !hint.address().isEmpty()) {
        addAddress(known, hint);
      }
      String address = addressOf(hint.node());
      if (address == null || !session(address).isSuspect()) {
        leaders.put(group, hint.node());
        return true;
      }
      session(address).probe(); // Who follows the hint when it is back, need not wait for it.
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
    question++;
    askedCount = 0;
    unanswered.clear();
    askOne(address == null ? nextAddress() : address);
  }

  /** One node more is asked the present question. */
  private void askOne(String address) {
    ClientConfig config = loop.config();
    int millis = config.timeouts().attemptMillis();
    RequestHeader header =
        RequestHeader.newBuilder()
            .setClusterId(config.clusterId())
            .setTimeoutMillis(millis)
            .build();
    long mine = question;
    askedCount++;
    unanswered.add(address);
    loop.setAlarm(alarm, Math.min(millis, config.connection().suspectMillis()));
    loop.unary()
        .shards(address, new ShardsCall.Query(ShardsCall.LATEST, true), header)
        .onComplete(
            answer -> loop.turn(() -> onView(mine, answer)),
            cause -> loop.turn(() -> onFailure(mine, address, cause)));
  }

  private void onView(long mine, ClusterView answer) {
    if (view == null || answer.configuration().number() >= view.configuration().number()) {
      view = answer;
      slots = answer.configuration().slots();
    }
    if (mine != question || !isAsking) {
      return; // Somebody else was faster.
    }
    isAsking = false;
    loop.cancelAlarm(alarm);
    backOff.reset();
    lastFailure = null;
    attempts.clear();
    List<Call<?>> all = List.copyOf(waiting);
    waiting.clear();
    for (Call<?> call : all) {
      if (!call.isCompleted && call.waiting == Call.Waiting.FOR_VIEW) {
        loop.runner().route(call);
      }
    }
  }

  private void onFailure(long mine, String asked, Throwable failure) {
    if (mine != question || !isAsking) {
      return;
    }
    Throwable cause =
        failure instanceof UnaryCalls.ServiceErrorException told
            ? Failures.of(told.error())
            : failure;
    lastFailure = cause;
    attempts.add(asked, cause);
    waiting.removeIf(call -> call.isCompleted);
    unanswered.remove(asked);
    if (!unanswered.isEmpty()) {
      return;
    }
    if (view != null || loop.isEnded()) {
      isAsking = false;
      loop.cancelAlarm(alarm);
      List<Call<?>> all = List.copyOf(waiting);
      waiting.clear();
      all.forEach(call -> loop.runner().pause(call, cause));
    } else {
      loop.setAlarm(alarm, backOff.nextDelayMillis());
    }
  }

  /**
   * A node that does not answer soon does not hold up the question: another one is asked it too.
   * Until somebody has told the first configuration, the question goes on.
   */
  private final class Alarm extends TimerWheel.Entry {
    @Override
    void run() {}

    @Override
    void onTime(long nowNanos) {
      if (!isAsking) {
        return;
      }
      if (!unanswered.isEmpty()) {
        if (askedCount < addresses().size()) {
          askOne(nextAddress());
        }
      } else if (waiting.stream().allMatch(call -> call.isCompleted)) {
        isAsking = false;
        waiting.clear();
      } else {
        ask();
      }
    }
  }

  /** Ends all streams and every call that waits here or there. */
  void end() {
    List<Call<?>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(loop.runner()::onEnd);
    sessions.values().forEach(Session::end);
  }
}
