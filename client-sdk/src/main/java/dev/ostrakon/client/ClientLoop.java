package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.protocol.ClusterView;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a client with everything that is confined to it: a client id of its own, its
 * sequences, its streams, its timers. Loops share nothing but the bound on what is accepted.
 */
final class ClientLoop {

  /* A turn is whatever happens between two returns to the event loop: tasks taken from the inbox, a frame
   * of answers, a tick. At its end the inbox is drained once more and every stream with something to send
   * sends it, so what a turn's answers caused goes out in one frame.
   */

  private static final long TICK_MILLIS = 2;
  private static final long SLOW_TICK_MILLIS = 50;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** How often one turn looks for new tasks before it lets others have the loop. */
  private static final int ROUNDS_MAX = 16;

  private final ClientConfig config;
  private final Admission admission;
  private final Callbacks callbacks;
  private final RandomGenerator random;
  private final Connector connector;
  private final ClientId clientId;
  private final Vertx vertx;
  private final Context context;
  private final Inbox inbox = new Inbox();
  private final TimerWheel timers;
  private final Sequences sequences = new Sequences();
  private final ServerClock clock = new ServerClock();
  private final Router router;
  private final TransactionRunner runner;
  private final UnaryCalls unary;
  private final ArrayDeque<Session> toFlush = new ArrayDeque<>();
  private final List<Runnable> toCallBack = new ArrayList<>();
  private final Turns turns = new Turns();
  private final AtomicInteger interactives = new AtomicInteger();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private volatile @Nullable Thread thread;
  private boolean isInTurn;
  private boolean isTicking;
  private boolean isTickSlow;
  private long tickTimer;
  private boolean isEnded;

  ClientLoop(ClientSetup setup, Admission admission, RandomGenerator random) {
    this.config = setup.config();
    this.admission = admission;
    this.callbacks = setup.callbacks();
    this.random = random;
    this.clientId = setup.newClientId();
    this.vertx = Connector.newVertx();
    this.context = vertx.getOrCreateContext();
    this.connector = new Connector(vertx, config, setup.tls());
    this.timers = new TimerWheel(TICK_MILLIS * NANOS_PER_MILLI, System.nanoTime());
    this.unary = new UnaryCalls(vertx, connector, clock);
    this.router = new Router(this, setup.addresses());
    this.runner = new TransactionRunner(this, activeMax());
    context.runOnContext(ignored -> enter(Thread.currentThread()));
  }

  private void enter(Thread own) {
    thread = own;
    callbacks.addLoop(own);
  }

  private int activeMax() {
    int loops = config.eventLoops();
    return Math.max(1, (config.bounds().inFlightMax() + loops - 1) / loops);
  }

  ClientConfig config() {
    return config;
  }

  Callbacks callbacks() {
    return callbacks;
  }

  Admission admission() {
    return admission;
  }

  RandomGenerator random() {
    return random;
  }

  ClientId clientId() {
    return clientId;
  }

  RequestId requestId(long sequence) {
    return new RequestId(clientId, sequence);
  }

  TimerWheel timers() {
    return timers;
  }

  Sequences sequences() {
    return sequences;
  }

  ServerClock clock() {
    return clock;
  }

  Router router() {
    return router;
  }

  TransactionRunner runner() {
    return runner;
  }

  UnaryCalls unary() {
    return unary;
  }

  long nowNanos() {
    return System.nanoTime();
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Whether the caller is this loop. */
  boolean isOwner() {
    return Thread.currentThread() == thread;
  }

  /** Takes on a call; any thread. */
  <T> CompletableFuture<T> submit(Call<T> call) {
    if (!admission.enter(call.bytes)) {
      call.future.completeExceptionally(admission.refusal());
    } else {
      execute(call);
    }
    return call.future;
  }

  /** Runs a task on this loop, or refuses it if the loop has ended; any thread. */
  void execute(Task task) {
    switch (inbox.push(task)) {
      case FIRST -> {
        if (!isOwner() || !isInTurn) {
          context.runOnContext(ignored -> turn(() -> {}));
        }
      }
      case ADDED -> {}
      case CLOSED -> task.refuse();
    }
  }

  /** Runs something that came in from outside as a turn, or as a part of the present one. */
  void turn(Runnable body) {
    if (isInTurn) {
      body.run();
      return;
    }
    isInTurn = true;
    try {
      body.run();
      drain();
    } finally {
      isInTurn = false;
      flushCallbacks();
    }
    scheduleTick();
  }

  /** Ticks while there is something to wait for: fast if a call is under way. */
  private void scheduleTick() {
    if (timers.isEmpty() || isEnded) {
      return;
    }
    boolean isBusy = !runner.isIdle() || interactives.get() > 0;
    if (isTicking && isTickSlow && isBusy) {
      isTicking = !vertx.cancelTimer(tickTimer);
    }
    if (!isTicking) {
      isTicking = true;
      isTickSlow = !isBusy;
      tickTimer = vertx.setTimer(isBusy ? TICK_MILLIS : SLOW_TICK_MILLIS, ignored -> tick());
    }
  }

  private void drain() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Task task = inbox.takeAll();
      if (task == null && toFlush.isEmpty()) {
        return;
      }
      while (task != null) {
        Task next = task.next;
        task.next = null;
        if (isEnded) {
          task.refuse();
        } else {
          task.run();
        }
        task = next;
      }
      for (Session session = toFlush.poll(); session != null; session = toFlush.poll()) {
        session.flush();
      }
    }
    context.runOnContext(ignored -> turn(() -> {}));
  }

  private void tick() {
    isTicking = false;
    turn(
        () -> {
          long nowNanos = nowNanos();
          timers.advance(nowNanos);
          callbacks.watch(nowNanos);
          runner.unresolved().sweep(nowNanos);
        });
  }

  /** The stream sends what it has at the end of this turn. */
  void flushLater(Session session) {
    toFlush.add(session);
  }

  void setAlarm(TimerWheel.Entry alarm, long inMillis) {
    timers.set(alarm, nowNanos() + inMillis * NANOS_PER_MILLI);
  }

  void cancelAlarm(TimerWheel.Entry alarm) {
    timers.cancel(alarm);
  }

  /** Who may try next for contended keys. */
  Turns turns() {
    return turns;
  }

  /** Takes on an interactive transaction; any thread. */
  <T> CompletableFuture<T> submit(Interactive<T> interactive) {
    if (interactives.incrementAndGet() > config.bounds().inFlightMax()) {
      leaveInteractive();
      interactive.future.completeExceptionally(admission.refusal());
      return interactive.future;
    }
    execute(interactive);
    return interactive.future;
  }

  void leaveInteractive() {
    interactives.decrementAndGet();
  }

  GrpcClient newGrpcClient() {
    return connector.newClient();
  }

  /** Completes a call's future. */
  <T> void complete(Call<T> call, T value) {
    if (call.isInternal) {
      call.future.complete(value);
    } else {
      complete(call.future, value);
    }
  }

  /** Fails a call's future. */
  void fail(Call<?> call, Throwable cause) {
    if (call.isInternal) {
      call.future.completeExceptionally(cause);
    } else {
      fail(call.future, cause);
    }
  }

  /** Completes a user's future where the user wants it; any thread. */
  <T> void complete(CompletableFuture<T> future, @Nullable T value) {
    callBack(new Callbacks.Completion<>(future, value, null));
  }

  /** Fails a user's future where the user wants it; any thread. */
  <T> void fail(CompletableFuture<T> future, Throwable cause) {
    callBack(new Callbacks.Completion<>(future, null, cause));
  }

  /** Runs what belongs to a user where the user wants it; any thread. All of a turn go together. */
  void callBack(Runnable task) {
    if (isOwner() && isInTurn && !callbacks.isOnEventLoop()) {
      toCallBack.add(task);
    } else {
      callbacks.execute(task);
    }
  }

  private void flushCallbacks() {
    if (!toCallBack.isEmpty()) {
      callbacks.executeAll(toCallBack);
      toCallBack.clear();
    }
  }

  <T> CompletableFuture<T> newFuture() {
    return callbacks.newFuture();
  }

  /** The cluster as this loop knows it, once it does. */
  CompletableFuture<ClusterView> view(long deadlineNanos) {
    return submit(new ViewCall(this, deadlineNanos));
  }

  /** Does something with what a stage comes to, either way. */
  static <T> void whenDone(
      CompletionStage<T> stage, BiConsumer<? super T, ? super @Nullable Throwable> then) {
    stage.whenComplete(then);
  }

  /** All that is known of a lost request of this loop. */
  CompletableFuture<LostRequest> resolve(RequestId id) {
    CompletableFuture<LostRequest> found = newFuture();
    LostRequest unheard = new LostRequest(id, HybridTimestamp.ZERO, List.of());
    execute(
        new Task() {
          @Override
          void run() {
            complete(found, runner.unresolved().find(id).orElse(unheard));
          }

          @Override
          void refuse() {
            found.complete(unheard);
          }
        });
    return found;
  }

  /** Nobody will ask for a request any more, if it is one of this loop; any thread. */
  void settle(RequestId id) {
    if (id.client().equals(clientId)) {
      execute(Task.of(() -> runner.unresolved().resolve(id)));
    }
  }

  /** Completes every call and ends the loop; any thread. */
  CompletableFuture<Void> end() {
    execute(Task.of(this::endHere));
    return ended;
  }

  /** Nothing runs on the loop any more. What it completed last is completed before it has ended. */
  private void leave(List<Runnable> last) {
    Thread own = thread;
    if (own != null) {
      callbacks.removeLoop(own);
    }
    callbacks.executeInside(
        () -> {
          last.forEach(Callbacks::completeIfOpen);
          ended.complete(null);
        });
  }

  private void endHere() {
    if (isEnded) {
      return;
    }
    isEnded = true;
    Task late = inbox.close();
    router.end();
    timers.endAll();
    while (late != null) {
      Task next = late.next;
      late.refuse();
      late = next;
    }
    runner.end();
    unary.close();
    List<Runnable> last = List.copyOf(toCallBack);
    flushCallbacks();
    vertx.close().onComplete(done -> leave(last), cause -> leave(last));
  }
}
