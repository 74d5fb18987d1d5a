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
 * One scan: asks every group for its share and merges. Begins anew if the groups' pages belong to
 * different configurations, because a slot on its way could then be missing or be there twice.
 */
final class ScanRun extends TimerWheel.Entry {
  private static final int PAUSE_MIN_MILLIS = 2;
  private static final int PAUSE_MAX_MILLIS = 200;

  private final ClientLoop loop;
  private final long deadlineNanos;
  private final Scan scan;
  private final CompletableFuture<ScanResult> future;
  private int rounds;

  ScanRun(ClientLoop loop, long deadlineNanos, Scan scan) {
    this.loop = loop;
    this.deadlineNanos = deadlineNanos;
    this.scan = scan;
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
    GroupCall<ScanPage> call =
        new GroupCall<>(
            loop,
            deadlineNanos,
            router -> router.groups().contains(group) ? group : GroupId.CONTROLLER,
            owner -> new KvCall.Scan(new ScanRange(owner, scan.from(), scan.to(), scan.limit())),
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
        loop.fail(future, why);
      }
      return;
    }
    List<ScanPage> pages = answers.stream().map(CompletableFuture::join).toList();
    if (pages.stream().mapToLong(ScanPage::configurationNumber).distinct().count() > 1) {
      again(new WrongShardException("groups answered by different configurations", 0));
    } else {
      loop.complete(future, merge(scan, pages));
    }
  }

  private void again(Throwable cause) {
    if (loop.isEnded() || loop.nowNanos() >= deadlineNanos) {
      loop.fail(future, cause);
      return;
    }
    loop.router().refresh(null);
    loop.setAlarm(
        this, BackOff.millis(PAUSE_MIN_MILLIS, PAUSE_MAX_MILLIS, rounds++, loop.random()));
  }

  /** What pages of one configuration say together. */
  static ScanResult merge(Scan scan, List<ScanPage> pages) {
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
