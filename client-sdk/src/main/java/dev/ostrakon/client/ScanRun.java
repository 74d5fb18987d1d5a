package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.protocol.ClusterView;
import dev.ostrakon.protocol.KvAnswer;
import dev.ostrakon.protocol.KvCall;
import dev.ostrakon.protocol.ScanPage;
import dev.ostrakon.protocol.ScanRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One scan: asks every group for its share and merges. Asks anew if the groups' pages belong to
 * different configurations, because a slot on its way could then be missing or be there twice. Goes
 * on where the groups' pages ended early, as at a key that is being changed, until its own page is
 * full or has taken long enough.
 */
final class ScanRun extends TimerWheel.Entry {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int PAUSE_MIN_MILLIS = 2;
  private static final int PAUSE_MAX_MILLIS = 200;

  /** A page with so many bytes is full, whatever its limit. */
  private static final long BYTES_MAX = 4 << 20; // 4 MiB

  private final ClientLoop loop;
  private final long deadlineNanos;
  private final Scan scan;
  private final CompletableFuture<ScanResult> future;
  private final List<ScanResult.Entry> gathered = new ArrayList<>();
  private final long fillUntilNanos;
  private Scan rest;
  private long gatheredBytes;
  private int rounds;

  ScanRun(ClientLoop loop, long deadlineNanos, Scan scan) {
    this.loop = loop;
    this.deadlineNanos = deadlineNanos;
    this.scan = scan;
    this.rest = scan;
    long nowNanos = loop.nowNanos();
    this.fillUntilNanos = nowNanos + (deadlineNanos - nowNanos) / 2;
    this.future = loop.newFuture();
  }

  CompletableFuture<ScanResult> start() {
    begin();
    return future;
  }

  private void begin() {
    ViewCall call = new ViewCall(loop, deadlineNanos);
    call.isInternal = true;
    ClientLoop.whenDone(
        loop.submit(call),
        (view, cause) -> {
          if (cause != null) {
            loop.fail(future, cause);
          } else {
            ask(view);
          }
        });
  }

  private void ask(ClusterView view) {
    List<CompletableFuture<ScanPage>> pages = new ArrayList<>();
    view.configuration()
        .slotCounts()
        .forEach(
            (group, slots) -> {
              if (slots > 0) {
                pages.add(page(group));
              }
            });
    ClientLoop.whenDone(
        CompletableFuture.allOf(pages.toArray(CompletableFuture<?>[]::new)),
        (done, cause) -> loop.turn(() -> onPages(pages, cause)));
  }

  private CompletableFuture<ScanPage> page(GroupId group) {
    Scan asked = rest;
    GroupCall<ScanPage> call =
        new GroupCall<>(
            loop,
            deadlineNanos,
            router -> router.groups().contains(group) ? group : GroupId.CONTROLLER,
            owner -> new KvCall.Scan(new ScanRange(owner, asked.from(), asked.to(), asked.limit())),
            answer -> ((KvAnswer.Page) answer).page());
    call.isInternal = true;
    call.failsUnowned = true;
    return loop.submit(call);
  }

  private void onPages(List<CompletableFuture<ScanPage>> answers, @Nullable Throwable cause) {
    if (cause != null) {
      Throwable why = Interactive.unwrap(cause);
      if (why instanceof WrongShardException) {
        again(why);
      } else {
        end(why);
      }
      return;
    }
    List<ScanPage> pages = answers.stream().map(CompletableFuture::join).toList();
    if (pages.stream().mapToLong(ScanPage::configurationNumber).distinct().count() > 1) {
      again(new WrongShardException("groups answered by different configurations", 0));
    } else {
      gather(merge(rest, pages));
    }
  }

  private void gather(ScanResult page) {
    gathered.addAll(page.entries());
    for (ScanResult.Entry entry : page.entries()) {
      gatheredBytes += entry.key().bytes().size() + entry.value().bytes().size();
    }
    Scan next = page.next().orElse(null);
    boolean isFull = gathered.size() >= scan.limit() || gatheredBytes >= BYTES_MAX;
    boolean isLate = !gathered.isEmpty() && loop.nowNanos() >= fillUntilNanos;
    if (next == null || isFull || isLate) {
      loop.complete(
          future, new ScanResult(gathered, next == null ? null : next.limit(scan.limit())));
      return;
    }
    rest = next.limit(scan.limit() - gathered.size());
    if (page.entries().isEmpty()) {
      again(new UnavailableException("a group has not found the next key yet", null));
    } else {
      begin();
    }
  }

  private void again(Throwable cause) {
    if (loop.isEnded() || loop.nowNanos() >= deadlineNanos) {
      end(cause);
      return;
    }
    loop.router().refresh(null);
    long pauseMillis = BackOff.millis(PAUSE_MIN_MILLIS, PAUSE_MAX_MILLIS, rounds++, loop.random());
    loop.timers()
        .set(this, Math.min(deadlineNanos, loop.nowNanos() + pauseMillis * NANOS_PER_MILLI));
  }

  /** It cannot go on: what was gathered is a page, too. */
  private void end(Throwable cause) {
    if (gathered.isEmpty() || loop.isEnded()) {
      loop.fail(future, cause);
    } else {
      loop.complete(future, new ScanResult(gathered, rest.limit(scan.limit())));
    }
  }

  /**
   * What pages of one configuration say together; no entry if one of them ends before its first.
   */
  static ScanResult merge(Scan scan, List<ScanPage> pages) {
    if (pages.stream().anyMatch(page -> page.more() && page.entries().isEmpty())) {
      return new ScanResult(List.of(), scan);
    }
    Key bound = null;
    List<ScanPage.Entry> all = new ArrayList<>();
    for (ScanPage page : pages) {
      all.addAll(page.entries());
      if (page.more()) {
        Key last = page.entries().get(page.entries().size() - 1).key();
        bound = bound == null || last.compareTo(bound) < 0 ? last : bound;
      }
    }
    all.sort(Comparator.comparing(ScanPage.Entry::key));
    List<ScanResult.Entry> merged = new ArrayList<>();
    for (ScanPage.Entry entry : all) {
      if (merged.size() == scan.limit() || (bound != null && entry.key().compareTo(bound) > 0)) {
        break;
      }
      merged.add(new ScanResult.Entry(entry.key(), entry.value(), entry.version()));
    }
    boolean isEnd = merged.size() == all.size() && bound == null;
    return new ScanResult(merged, isEnd ? null : scan.after(merged.get(merged.size() - 1).key()));
  }

  @Override
  void run() {
    begin();
  }

  @Override
  void onTime(long nowNanos) {
    begin();
  }

  @Override
  void onEnd() {
    loop.fail(future, new ClientClosedException("the client was closed"));
  }
}
