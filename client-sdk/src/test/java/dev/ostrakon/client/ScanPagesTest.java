package dev.ostrakon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ostrakon.protocol.KvCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages of scans whose groups' pages end early. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ScanPagesTest {
  private final FakeCluster cluster = new FakeCluster(2, 3);
  private final OstrakonClient db = OstrakonClient.connect(cluster.addresses());
  private final List<String> written = new ArrayList<>();

  @BeforeEach
  void begin() {
    Batch batch = db.batch();
    for (int i = 0; i < 100; i++) {
      written.add(String.format("p/%03d", i));
      batch.put(written.get(i), "v" + i);
    }
    batch.commit().join();
  }

  @AfterEach
  void end() {
    db.close();
    cluster.close();
  }

  private List<String> keysOf(ScanResult page) {
    return page.entries().stream().map(ScanResult.Entry::keyText).toList();
  }

  @Test
  void a_page_is_filled_although_those_of_the_groups_end_early() {
    cluster.store.pageEntriesMax = 2;
    ScanResult first = db.scan(Scan.prefix("p/").limit(60)).join();
    assertThat(keysOf(first)).isEqualTo(written.subList(0, 60));
    assertThat(first.hasMore()).isTrue();
    ScanResult second = db.scan(first.next().orElseThrow()).join();
    assertThat(keysOf(second)).isEqualTo(written.subList(60, 100));
    assertThat(second.hasMore()).isFalse();
    assertThat(second.next()).isEmpty();
  }

  @Test
  void a_short_page_says_that_there_is_more() {
    cluster.store.pageEntriesMax = 1;
    cluster.script =
        (node, call) ->
            call instanceof KvCall.Scan ? new Reaction.Delay(20) : new Reaction.Answer();
    ClientConfig config =
        ClientConfig.DEFAULTS.withTimeouts(new ClientConfig.Timeouts(1_000, 1_000));
    try (OstrakonClient hasty = OstrakonClient.connect(config, cluster.addresses())) {
      List<String> found = new ArrayList<>();
      Optional<Scan> next = Optional.of(Scan.prefix("p/").limit(100));
      int pages = 0;
      while (next.isPresent()) {
        ScanResult page = hasty.scan(next.get()).join();
        assertThat(page.hasMore()).isEqualTo(page.next().isPresent());
        found.addAll(keysOf(page));
        next = page.next();
        pages++;
      }
      assertThat(found).isEqualTo(written);
      assertThat(pages).isGreaterThan(1);
    }
  }

  @Test
  void a_whole_range_needs_no_pages() {
    cluster.store.pageEntriesMax = 3;
    List<String> found = new ArrayList<>();
    assertThat(db.scanAll(Scan.prefix("p/").limit(7), entry -> found.add(entry.keyText())).join())
        .isEqualTo(100);
    assertThat(found).isEqualTo(written);
    assertThat(db.scanAll(Scan.prefix("q/"), entry -> found.add("none")).join()).isZero();
    IllegalStateException own = new IllegalStateException("enough");
    assertThatThrownBy(
            () ->
                db.scanAll(
                        Scan.all(),
                        entry -> {
                          throw own;
                        })
                    .join())
        .hasCause(own);
  }
}
