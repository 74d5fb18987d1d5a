package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.protocol.ShardsCall;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous client of an Ostrakon cluster. Everything is strictly serializable together:
 * single keys, batches, transactions and reads of many keys, over all groups.
 *
 * <p>Threading: any thread, any number of them at once; no call blocks. Futures are completed on
 * daemon threads of the client, as many as it takes up to 2,048, so what depends on them may block,
 * and may {@code join} other calls. {@link Builder#callbackExecutor} chooses other threads.
 *
 * <p>Failures: every future completes within its deadline (5 s by default), also when the client is
 * closed; it fails with a {@link KvException}, which says whether the call certainly had no effect
 * or whether that is unknown. Calls are retried inside, under one id, and take effect at most once.
 * Only what can never be right, such as an empty key, is thrown at once, as {@link
 * IllegalArgumentException}.
 *
 * <p>Lifecycle: one client for a whole program; {@link #close} when it ends.
 */
public final class OstrakonClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OstrakonClient.class);
  private static final long CLOSE_SECONDS_MAX = 10;

  /** What is longer is as good as endless, and deadlines must not overflow. */
  private static final Duration TIMEOUT_MAX = Duration.ofDays(10_000);

  private final List<ClientLoop> loops;
  private final long timeoutNanos;

  private OstrakonClient(List<ClientLoop> loops, long timeoutNanos) {
    this.loops = loops;
    this.timeoutNanos = timeoutNanos;
  }

  /** For tests, which choose what is left to chance. */
  static OstrakonClient of(ClientSetup setup) {
    Admission admission = new Admission(setup.config().bounds());
    List<ClientLoop> loops = new ArrayList<>();
    for (int i = 0; i < setup.config().eventLoops(); i++) {
      loops.add(new ClientLoop(setup, admission, setup.random().get()));
    }
    long timeoutMillis = setup.config().timeouts().requestMillis();
    return new OstrakonClient(List.copyOf(loops), Duration.ofMillis(timeoutMillis).toNanos());
  }

  /**
   * A client with default settings. It connects in the background: a first call waits for that
   * within its deadline.
   *
   * @param addresses {@code host:port} of at least one node; the others are learned from it
   */
  public static OstrakonClient connect(String... addresses) {
    return connect(ClientConfig.DEFAULTS, addresses);
  }

  /** As {@link #connect(String...)}, with these settings. */
  public static OstrakonClient connect(ClientConfig config, String... addresses) {
    return builder().addresses(Arrays.asList(addresses)).config(config).build();
  }

  /** For what {@code connect} cannot say. */
  public static Builder builder() {
    return new Builder();
  }

  /** What a client is made of. */
  public static final class Builder {
    private final List<String> addresses = new ArrayList<>();
    private ClientConfig config = ClientConfig.DEFAULTS;
    private Callbacks callbacks = Callbacks.onThreads();
    private @Nullable ClientTls tls;

    private Builder() {}

    /**
     * Adds nodes to begin with, each {@code host:port}; IPv6 addresses in brackets: {@code
     * [::1]:7101}.
     *
     * @throws IllegalArgumentException if one is not of this form; nothing is added then
     */
    public Builder addresses(List<String> more) {
      more.forEach(Connector::socketAddress);
      addresses.addAll(more);
      return this;
    }

    /** Other settings than {@link ClientConfig#DEFAULTS}. */
    public Builder config(ClientConfig other) {
      config = other;
      return this;
    }

    /**
     * Futures are completed by tasks of this executor instead of the client's own threads, and the
     * functions of {@link OstrakonClient#transact} run there. The client's own threads do what it
     * throws at or rejects. Futures wait for it: if all its threads wait for futures of the client,
     * nobody completes them.
     */
    public Builder callbackExecutor(Executor executor) {
      callbacks = Callbacks.on(executor);
      return this;
    }

    /**
     * Futures are completed on the client's event loop itself, which saves a hop between threads
     * and is right only for callbacks that never block: all calls of the client stand still
     * meanwhile. Waiting for one of its futures there throws {@link IllegalStateException}.
     */
    public Builder callbacksOnEventLoop() {
      callbacks = Callbacks.onEventLoop();
      return this;
    }

    /** Encrypts connections. */
    public Builder tls(ClientTls settings) {
      tls = settings;
      return this;
    }

    /**
     * The client, connecting.
     *
     * @throws IllegalArgumentException if there is no address
     */
    public OstrakonClient build() {
      SecureRandom ids = new SecureRandom();
      return of(
          new ClientSetup(
              config,
              addresses,
              callbacks,
              tls,
              () -> new SplittableRandom(ids.nextLong()),
              () -> new ClientId(ids.nextLong(), ids.nextLong())));
    }
  }

  /**
   * The same client with another deadline for its calls; they share everything else.
   *
   * @param timeout positive; 10,000 days at most count
   */
  public OstrakonClient withTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a timeout is positive, was " + timeout);
    }
    boolean isEndless = timeout.compareTo(TIMEOUT_MAX) > 0;
    return new OstrakonClient(loops, (isEndless ? TIMEOUT_MAX : timeout).toNanos());
  }

  /**
   * Completes as soon as a node was reached and told of its cluster; fails like a call if none is
   * in time. Nobody needs to wait for it, but a program may want to say early that nobody is there.
   */
  public CompletableFuture<Void> ready() {
    ClientLoop loop = loop();
    return loop.view(deadline()).thenAccept(view -> {});
  }

  // ---- Single keys ----

  /**
   * Reads a value; empty for a missing key. Fails with {@link NotTextException} if it is not UTF-8.
   */
  public CompletableFuture<Optional<Versioned<String>>> get(String key) {
    return submit(read(Key.utf8(key)), Results::firstText);
  }

  /** Reads a value; empty for a missing key. */
  public CompletableFuture<Optional<Versioned<byte[]>>> get(byte[] key) {
    return submit(read(Operations.key(key)), Results::firstBytes);
  }

  /** Sets a value; gives its version. */
  public CompletableFuture<HybridTimestamp> put(String key, String value) {
    return write(Operations.put(key, value));
  }

  /** Sets a value; gives its version. */
  public CompletableFuture<HybridTimestamp> put(byte[] key, byte[] value) {
    return write(Operations.put(key, value));
  }

  /** Adds to the end of a value, the same as put if there is none; gives the new version. */
  public CompletableFuture<HybridTimestamp> append(String key, String value) {
    return write(Operations.append(key, value));
  }

  /** Adds to the end of a value, the same as put if there is none; gives the new version. */
  public CompletableFuture<HybridTimestamp> append(byte[] key, byte[] value) {
    return write(Operations.append(key, value));
  }

  /** Removes a key, which may be missing; gives the moment of it. */
  public CompletableFuture<HybridTimestamp> delete(String key) {
    return write(Operations.delete(key));
  }

  /** Removes a key, which may be missing; gives the moment of it. */
  public CompletableFuture<HybridTimestamp> delete(byte[] key) {
    return write(Operations.delete(key));
  }

  /** Sets a value if the present one is as expected; gives whether it was. */
  public CompletableFuture<Boolean> compareAndSet(String key, String expected, String value) {
    return setIf(Conditions.value(key).is(expected), Operations.put(key, value));
  }

  /** Sets a value if the present one is as expected; gives whether it was. */
  public CompletableFuture<Boolean> compareAndSet(byte[] key, byte[] expected, byte[] value) {
    return setIf(Conditions.value(key).is(expected), Operations.put(key, value));
  }

  /**
   * Sets a value if the key was last written at exactly this moment; gives whether it was. {@link
   * HybridTimestamp#ZERO} stands for a missing key.
   */
  public CompletableFuture<Boolean> compareAndSet(
      String key, HybridTimestamp expected, String value) {
    return setIf(Conditions.version(key, expected), Operations.put(key, value));
  }

  /** As {@link #compareAndSet(String, HybridTimestamp, String)}. */
  public CompletableFuture<Boolean> compareAndSet(
      byte[] key, HybridTimestamp expected, byte[] value) {
    return setIf(Conditions.version(key, expected), Operations.put(key, value));
  }

  /** Sets a value if the key is missing; gives whether it was. */
  public CompletableFuture<Boolean> putIfMissing(String key, String value) {
    return setIf(Conditions.missing(key), Operations.put(key, value));
  }

  /** Sets a value if the key is missing; gives whether it was. */
  public CompletableFuture<Boolean> putIfMissing(byte[] key, byte[] value) {
    return setIf(Conditions.missing(key), Operations.put(key, value));
  }

  /**
   * Adds to a number, where a missing key counts as 0; gives the sum. Fails with {@link
   * TransactionRefusedException} if the value is no number or the sum would leave 64 bits.
   */
  public CompletableFuture<Long> increment(String key, long delta) {
    return submit(single(Operations.addAndGet(key, delta)), Results::firstNumber);
  }

  /** As {@link #increment(String, long)}. */
  public CompletableFuture<Long> increment(byte[] key, long delta) {
    return submit(single(Operations.addAndGet(key, delta)), Results::firstNumber);
  }

  // ---- Many keys ----

  /**
   * Reads keys of any groups, all as of one moment; gives those that have a value, in the order
   * asked for. Fails with {@link NotTextException} if a value is not UTF-8.
   */
  public CompletableFuture<Map<String, Versioned<String>>> getAll(List<String> keys) {
    List<String> asked = List.copyOf(keys);
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return submit(
        Transaction.of(asked.stream().map(Operations::get).toList()),
        committed -> {
          Map<String, Versioned<String>> found = new LinkedHashMap<>();
          for (int i = 0; i < asked.size(); i++) {
            if (committed.results().get(i) instanceof OperationResult.Present present) {
              found.put(asked.get(i), Results.text(present));
            }
          }
          return found;
        });
  }

  /** As {@link #getAll}, for keys of bytes: one element for each key, in order. */
  public CompletableFuture<List<Optional<Versioned<byte[]>>>> getAllBytes(List<byte[]> keys) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return submit(
        Transaction.of(keys.stream().map(Operations::get).toList()),
        committed ->
            committed.results().stream()
                .map(
                    result ->
                        result instanceof OperationResult.Present present
                            ? Optional.of(Results.bytes(present))
                            : Optional.<Versioned<byte[]>>empty())
                .toList());
  }

  /**
   * Reads a page of a range of keys in order, over all groups: up to the scan's limit, about 4 MiB,
   * or half of the call's time. {@link ScanResult#hasMore} tells whether there is more; the number
   * of entries does not.
   */
  public CompletableFuture<ScanResult> scan(Scan scan) {
    ClientLoop loop = loop();
    return new ScanRun(loop, deadline(), scan).start();
  }

  /**
   * Reads a whole range of keys in order, page by page, each of the scan's limit and with a
   * deadline of its own. What each page holds is as for {@link #scan}.
   *
   * @param each is given one entry after the other; what it throws ends the scan
   * @return how many entries there were
   */
  public CompletableFuture<Long> scanAll(Scan scan, Consumer<? super ScanResult.Entry> each) {
    return scanAll(scan, each, 0);
  }

  private CompletableFuture<Long> scanAll(
      Scan scan, Consumer<? super ScanResult.Entry> each, long before) {
    return scan(scan)
        .thenCompose(
            page -> {
              page.entries().forEach(each);
              long count = before + page.entries().size();
              return page.next().isPresent()
                  ? scanAll(page.next().get(), each, count)
                  : CompletableFuture.completedFuture(count);
            });
  }

  /** Begins a transaction that is decided in one round. */
  public Txn txn() {
    return new Txn(this);
  }

  /** Begins a batch of writes that happen all at once. */
  public Batch batch() {
    return new Batch(this);
  }

  /** Carries out a transaction made elsewhere; what {@link Txn#commit} does. */
  public CompletableFuture<TxnResult> execute(Transaction transaction) {
    return submit(transaction, TxnResult::of);
  }

  /**
   * Runs an interactive transaction: the function reads and writes through the {@link Tx} that it
   * is given; when its stage completes, the writes take effect if nothing that was read has changed
   * meanwhile, else it runs again. Gives what the function's stage gave in the run that committed.
   *
   * <p>If the function throws or its stage fails, nothing is written. If what it had read still
   * holds then, all as of one moment, the future fails with that very cause; if not, the function
   * was misled and runs again; if that cannot be found out, the future fails with a {@link
   * KvException} that has the cause among the suppressed ones. Fails with {@link ConflictException}
   * if every try met a conflict.
   */
  public <T> CompletableFuture<T> transact(Function<Tx, ? extends CompletionStage<T>> function) {
    ClientLoop loop = loop();
    return loop.submit(new Interactive<>(loop, deadline(), function));
  }

  // ---- Lost answers ----

  /**
   * What became of a request whose answer was lost, of which only the id is known. Asking settles
   * it: what has not happened by then never will. Every group is asked; without an answer of one of
   * them the future fails, and nothing is known. A request of another client that nobody has heard
   * of is {@link Outcome.NotHeardOf}: prefer {@link #outcome(LostRequest)}, which knows more. For
   * requests for data only, not for changes of the {@link #shards} configuration.
   */
  public CompletableFuture<Outcome> outcome(RequestId request) {
    for (ClientLoop loop : loops) {
      if (loop.clientId().equals(request.client())) {
        return loop.resolve(request).thenCompose(this::outcome);
      }
    }
    return ask(new LostRequest(request, HybridTimestamp.ZERO, List.of()));
  }

  /**
   * What became of a request of any client: {@link CommitUnknownException#request}. A change of the
   * {@link #shards} configuration cannot be asked for so: query the configuration.
   */
  public CompletableFuture<Outcome> outcome(LostRequest request) {
    if (request.keys().isEmpty() && !request.issuedAt().equals(HybridTimestamp.ZERO)) {
      return CompletableFuture.failedFuture(
          new InvalidRequestException(
              "request " + request.id() + " names no key: query the configuration instead", null));
    }
    return ask(request);
  }

  private CompletableFuture<Outcome> ask(LostRequest request) {
    ClientLoop loop = loop();
    return new Outcomes(loop, deadline())
        .ask(request)
        .whenComplete(
            (outcome, cause) -> {
              if (cause == null) {
                loops.forEach(each -> each.settle(request.id()));
              }
            });
  }

  // ---- Administration ----

  /** The shard controller. */
  public Shards shards() {
    return new Shards(this);
  }

  /** What a node says of itself. */
  public CompletableFuture<NodeStatus> status(NodeId node) {
    ClientLoop loop = loop();
    long deadline = deadline();
    return loop.view(deadline)
        .thenCompose(
            view -> {
              String address = view.addresses().get(node);
              return address == null
                  ? CompletableFuture.failedFuture(
                      new InvalidRequestException(
                          "node expected among " + view.addresses().keySet() + ", was " + node,
                          null))
                  : statusAt(loop, deadline, address);
            });
  }

  /** What every node of the cluster says of itself, ascending by node. */
  public CompletableFuture<List<NodeReport>> status() {
    ClientLoop loop = loop();
    long deadline = deadline();
    return loop.view(deadline)
        .thenCompose(view -> reports(loop, deadline, List.copyOf(view.addresses().values())));
  }

  /**
   * Completes every future that is still open, exceptionally, and ends the connections. Calls made
   * afterwards fail with {@link ClientClosedException}. Waits for the end of the event loops, a few
   * seconds at most, unless called on one of them. May be called again.
   */
  @Override
  public void close() {
    CompletableFuture<?>[] ended =
        loops.stream().map(ClientLoop::end).toArray(CompletableFuture<?>[]::new);
    if (loops.stream().anyMatch(ClientLoop::isOwner)) {
      return;
    }
    Callbacks callbacks = loops.get(0).callbacks();
    boolean isCallback = callbacks.beforeWait();
    try {
      CompletableFuture.allOf(ended).get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("event loops do not end cause={}", e.toString());
    } finally {
      if (isCallback) {
        callbacks.afterWait();
      }
    }
  }

  // ---- Inside ----

  /** A caller on an event loop stays on it; others are spread by thread. */
  private ClientLoop loop() {
    if (loops.size() == 1) {
      return loops.get(0);
    }
    for (ClientLoop loop : loops) {
      if (loop.isOwner()) {
        return loop;
      }
    }
    return loops.get((int) Math.floorMod(Thread.currentThread().getId(), (long) loops.size()));
  }

  private long deadline() {
    return System.nanoTime() + timeoutNanos;
  }

  CompletableFuture<ClusterView> ask(ShardsCall call) {
    ClientLoop loop = loop();
    boolean writes = !(call instanceof ShardsCall.Query);
    return loop.submit(
        new UnaryCall<>(
            loop,
            deadline(),
            writes,
            (unary, address, header) -> unary.shards(address, call, header)));
  }

  private static CompletableFuture<NodeStatus> statusAt(
      ClientLoop loop, long deadline, String address) {
    return loop.submit(new UnaryCall<>(loop, deadline, address, UnaryCalls::status));
  }

  private static CompletableFuture<List<NodeReport>> reports(
      ClientLoop loop, long deadline, List<String> addresses) {
    List<CompletableFuture<NodeReport>> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(
          statusAt(loop, deadline, address)
              .handle(
                  (status, cause) ->
                      new NodeReport(
                          address,
                          status,
                          cause != null && Interactive.unwrap(cause) instanceof KvException why
                              ? why
                              : null)));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<HybridTimestamp> write(Operation operation) {
    return submit(single(operation), RequestOutcome.Committed::timestamp);
  }

  private CompletableFuture<Boolean> setIf(Condition condition, Operation put) {
    return submit(
        new Transaction(List.of(condition), List.of(put), List.of()),
        committed -> TxnResult.of(committed).conditionsHeld());
  }

  private static Transaction read(Key key) {
    return single(new Operation.Get(key));
  }

  private static Transaction single(Operation operation) {
    return Transaction.of(List.of(operation));
  }

  private <T> CompletableFuture<T> submit(
      Transaction transaction, Function<RequestOutcome.Committed, T> reader) {
    ClientLoop loop = loop();
    return loop.submit(new TransactionCall<>(loop, deadline(), transaction, reader));
  }
}
