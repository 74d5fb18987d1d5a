package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.hlc.ClockConfig;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Value;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.ScanPage;
import dev.ostrakon.protocol.ScanRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The parts of the client that decide nothing but must count right. */
class PartsPropertyTest {
  private static final long MILLI = 1_000_000;

  private static final class Ring extends TimerWheel.Entry {
    long dueNanos;
    boolean hasRung;
    long rungNanos;

    @Override
    void run() {}

    @Override
    void onTime(long nowNanos) {
      hasRung = true;
      rungNanos = nowNanos;
    }
  }

  @Property(tries = 200)
  void a_timer_rings_never_early_and_at_most_a_tick_late(@ForAll long seed) {
    Random random = new Random(seed);
    long now = random.nextInt();
    TimerWheel wheel = new TimerWheel(2 * MILLI, now);
    List<Ring> set = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      int what = random.nextInt(4);
      if (what < 2) {
        Ring ring = new Ring();
        ring.dueNanos = now + random.nextInt(6_000) * MILLI;
        wheel.set(ring, ring.dueNanos);
        set.add(ring);
      } else if (what == 2 && !set.isEmpty()) {
        Ring ring = set.get(random.nextInt(set.size()));
        if (!ring.hasRung && random.nextBoolean()) {
          wheel.cancel(ring);
          set.remove(ring);
        } else if (!ring.hasRung) {
          ring.dueNanos = now + random.nextInt(6_000) * MILLI;
          wheel.set(ring, ring.dueNanos);
        }
      } else {
        now += random.nextInt(random.nextBoolean() ? 10 : 5_000) * MILLI;
        wheel.advance(now);
        checkRings(set, now);
      }
    }
    wheel.advance(now + 7_000 * MILLI);
    assertThat(wheel.isEmpty()).isTrue();
    assertThat(set).allMatch(ring -> ring.hasRung);
  }

  private static void checkRings(List<Ring> set, long advancedNanos) {
    for (Ring ring : set) {
      if (ring.hasRung) {
        assertThat(ring.rungNanos).isGreaterThanOrEqualTo(ring.dueNanos);
      } else {
        assertThat(advancedNanos).isLessThan(ring.dueNanos + 2 * MILLI);
      }
    }
  }

  @Property(tries = 200)
  void the_watermark_is_the_end_of_what_is_settled_without_a_gap(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5_000) int count) {
    Random random = new Random(seed);
    Sequences sequences = new Sequences();
    TreeSet<Long> open = new TreeSet<>();
    List<Long> order = new ArrayList<>();
    long last = 0;
    for (int i = 0; i < count; i++) {
      if (order.isEmpty() || random.nextInt(3) > 0) {
        last = sequences.take();
        open.add(last);
        order.add(last);
      } else {
        long settled = order.remove(random.nextInt(order.size()));
        open.remove(settled);
        sequences.settle(settled);
        sequences.settle(settled);
      }
      assertThat(sequences.watermark()).isEqualTo(open.isEmpty() ? last : open.first() - 1);
      assertThat(sequences.span()).isEqualTo(last - sequences.watermark());
    }
  }

  @Property(tries = 100)
  void no_correlation_comes_twice_and_each_finds_its_call(@ForAll long seed) {
    Random random = new Random(seed);
    InFlight inFlight = new InFlight(200);
    Map<Long, Call<?>> expected = new HashMap<>();
    List<Long> used = new ArrayList<>();
    ClientLoopCalls calls = new ClientLoopCalls();
    for (int i = 0; i < 2_000; i++) {
      if (expected.size() < 200 && random.nextBoolean()) {
        long correlation = inFlight.next();
        Call<?> call = calls.next();
        inFlight.add(call, 0);
        assertThat(expected.put(correlation, call)).isNull();
        used.add(correlation);
      } else if (!used.isEmpty()) {
        long correlation = used.get(random.nextInt(used.size()));
        assertThat(inFlight.remove(correlation)).isSameAs(expected.remove(correlation));
      }
      assertThat(inFlight.size()).isEqualTo(expected.size());
    }
    assertThat(used).doesNotHaveDuplicates();
    assertThat(inFlight.removeAll()).containsExactlyInAnyOrderElementsOf(expected.values());
  }

  /** Calls without a loop, of which only the identity counts. */
  private static final class ClientLoopCalls {
    private final ClientLoop loop =
        new ClientLoop(
            new ClientSetup(
                ClientConfig.DEFAULTS,
                List.of("127.0.0.1:1"),
                Callbacks.onThreads(),
                null,
                () -> new SplittableRandom(1),
                () -> new ClientId(1, 1)),
            new Admission(ClientConfig.Bounds.DEFAULTS),
            new SplittableRandom(1));

    ClientLoopCalls() {
      assertThat(loop.end()).isNotNull();
    }

    Call<?> next() {
      return new GroupCall<>(
          loop,
          0,
          router -> new GroupId(1),
          group -> new KvCall.Scan(new ScanRange(group, ByteString.EMPTY, ByteString.EMPTY, 1)),
          answer -> answer);
    }
  }

  @Property(tries = 50)
  void tasks_come_out_of_the_inbox_in_the_order_of_each_thread(
      @ForAll @IntRange(min = 1, max = 8) int threadCount) throws InterruptedException {
    Inbox inbox = new Inbox();
    int each = 500;
    List<int[]> seen = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads =
        IntStream.range(0, threadCount)
            .mapToObj(
                thread ->
                    new Thread(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            int number = i;
                            inbox.push(Task.of(() -> seen.add(new int[] {thread, number})));
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    while (seen.size() < threadCount * each) {
      for (Task task = inbox.takeAll(); task != null; ) {
        Task next = task.next;
        task.run();
        task = next;
      }
      Thread.onSpinWait();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int[] nextOf = new int[threadCount];
    for (int[] entry : seen) {
      assertThat(entry[1]).isEqualTo(nextOf[entry[0]]++);
    }
    inbox.close();
    assertThat(inbox.push(Task.of(() -> {}))).isEqualTo(Inbox.Pushed.CLOSED);
  }

  @Property(tries = 500)
  void pauses_double_within_bounds_and_repeat_with_their_seed(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 50) int min,
      @ForAll @IntRange(min = 50, max = 1_000) int max) {
    BackOff first = new BackOff(min, max, new SplittableRandom(seed));
    BackOff again = new BackOff(min, max, new SplittableRandom(seed));
    for (int step = 0; step < 40; step++) {
      int pause = first.nextDelayMillis();
      long full = Math.min(max, (long) min << Math.min(step, 30));
      assertThat((long) pause).isBetween(Math.max(1, full - full / 2 - 1), full);
      assertThat(again.nextDelayMillis()).isEqualTo(pause);
    }
  }

  @Property(tries = 200)
  void pages_merge_to_the_beginning_of_the_whole_range(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int groups,
      @ForAll @IntRange(min = 1, max = 20) int limit) {
    Random random = new Random(seed);
    TreeMap<Key, Integer> owner = new TreeMap<>();
    for (int i = random.nextInt(60); i > 0; i--) {
      owner.put(Key.utf8("k" + random.nextInt(1_000)), random.nextInt(groups));
    }
    List<ScanPage> pages = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      int mine = group;
      List<ScanPage.Entry> all =
          owner.keySet().stream()
              .filter(key -> owner.getOrDefault(key, -1) == mine)
              .map(key -> new ScanPage.Entry(key, Value.number(mine), HybridTimestamp.ZERO))
              .toList();
      int taken = Math.min(all.size(), 1 + random.nextInt(limit)); // May be fewer than asked for.
      pages.add(new ScanPage(all.subList(0, taken), taken < all.size(), 1));
    }
    ScanResult merged = ScanRun.merge(Scan.all().limit(limit), pages);
    List<Key> keys = merged.entries().stream().map(ScanResult.Entry::key).toList();
    assertThat(keys).isEqualTo(List.copyOf(owner.keySet()).subList(0, keys.size()));
    assertThat(keys.size()).isLessThanOrEqualTo(limit);
    assertThat(merged.next().isEmpty()).isEqualTo(keys.size() == owner.size());
    assertThat(merged.hasMore()).isEqualTo(keys.size() < owner.size());
  }

  @Property(tries = 200)
  void one_wrong_clock_of_three_is_outvoted(@ForAll @IntRange(min = 0, max = 2) int wrong) {
    ServerClock clock = new ServerClock();
    long wall = 1_700_000_000_000L;
    for (int node = 0; node < 3; node++) {
      long off = node == wrong ? 3_600_000 : node;
      clock.observe("n" + node, new HybridTimestamp(wall + off, 0), 0);
    }
    assertThat(clock.now(0).wallMillis()).isBetween(wall, wall + 10);
    assertThat(clock.now(5_000 * MILLI).wallMillis()).isBetween(wall + 5_000, wall + 5_010);
  }

  @Example
  void of_two_clocks_that_nobody_has_outvoted_yet_the_slower_one_counts() {
    ServerClock clock = new ServerClock();
    clock.guess(new HybridTimestamp(1_700_007_200_000L, 0), 0);
    clock.observe("n1", new HybridTimestamp(1_700_003_600_000L, 0), 0);
    clock.observe("n2", new HybridTimestamp(1_700_000_000_000L, 0), 0);
    clock.guess(new HybridTimestamp(1_700_007_200_000L, 0), 0);
    assertThat(clock.now(0).wallMillis()).isEqualTo(1_700_000_000_000L);
  }

  @Example
  void the_time_is_that_of_the_streams_there_are() {
    ServerClock clock = new ServerClock();
    long wall = 1_700_000_000_000L;
    for (int node = 0; node < 3; node++) {
      clock.observe("n" + node, new HybridTimestamp(wall, 0), 0);
    }
    for (int node = 0; node < 3; node++) {
      clock.forget("n" + node);
    }
    assertThat(clock.now(1_000 * MILLI).wallMillis()).isEqualTo(wall + 1_000);
    clock.observe("n1", new HybridTimestamp(wall + 3_600_000, 0), 1_000 * MILLI);
    assertThat(clock.now(1_000 * MILLI).wallMillis()).isGreaterThanOrEqualTo(wall + 3_600_000);
  }

  @Property(tries = 200)
  void one_wrong_clock_of_two_is_known_by_what_the_time_was(
      @ForAll @IntRange(min = -3_600_000, max = 3_600_000) int off,
      @ForAll @IntRange(min = 0, max = 1) int wrong) {
    ServerClock clock = new ServerClock();
    long wall = 1_700_000_000_000L;
    for (int node = 0; node < 3; node++) {
      clock.observe("n" + node, new HybridTimestamp(wall, 0), 0);
    }
    clock.forget("n2");
    clock.observe("n" + wrong, new HybridTimestamp(wall + 1_000 + off, 0), 1_000 * MILLI);
    clock.observe("n" + (1 - wrong), new HybridTimestamp(wall + 1_010, 0), 1_000 * MILLI);
    assertThat(clock.now(1_000 * MILLI).wallMillis())
        .isBetween(wall + 990, wall + 1_010 + ClockConfig.DEFAULTS.maxClockSkewMillis());
  }
}
