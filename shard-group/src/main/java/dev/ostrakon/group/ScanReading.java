package dev.ostrakon.group;

import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Slot;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.StateStore;
import dev.ostrakon.replica.StateStore.MergedScan;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A page of a scan over all slots that the group serves.
 *
 * <p>A key that a ready transaction is about to change ends the page before it, for what it holds
 * may be visible elsewhere already; if it is the first key of the page, the page waits for it.
 */
final class ScanReading extends Reading {
  private final PendingCall<ScanResult> call;
  private final ScanSpec spec;
  private final Place place;

  /** Nothing was found before this key, which is about to change: the page has to wait for it. */
  private @Nullable Key emptyBefore;

  /**
   * What scans need besides what is asked.
   *
   * @param again serves a reading once more
   */
  record Place(
      ShardFrontConfig config,
      GroupRules rules,
      StateStore store,
      Consumer<Reading> again,
      Consumer<StorageException> failed) {}

  ScanReading(PendingCall<ScanResult> call, ScanSpec spec, Place place) {
    super(call);
    this.call = call;
    this.spec = spec;
    this.place = place;
  }

  @Override
  Attempt attempt(ShardState state) {
    List<Slot> slots = state.slotTable.serving();
    if (slots.isEmpty()) {
      call.end(new FrontAnswer.Denied<>(state.wrongGroup()));
      return SERVED;
    }
    Key changing = firstChanging(state);
    if (changing != null
        && (changing.bytes().equals(spec.from()) || changing.equals(emptyBefore))) {
      return new Attempt.After(state.queues.readyWriter(changing).orElseThrow());
    }
    scan(slots, changing, state.configurationNumber());
    return SERVED;
  }

  /** The first key of the range that a ready transaction is about to change, or null. */
  private @Nullable Key firstChanging(ShardState state) {
    if (!place.rules().readWaitsForReady()) {
      return null;
    }
    return state
        .queues
        .firstKeyWithReadyWriter(spec.from())
        .filter(key -> spec.to().isEmpty() || key.bytes().compareTo(spec.to()) < 0)
        .orElse(null);
  }

  private void scan(List<Slot> slots, @Nullable Key changing, long configurationNumber) {
    ByteString end = changing == null ? spec.to() : changing.bytes();
    MergedScan request =
        new MergedScan(
            slots.stream().map(StateRows::slotStart).toList(),
            Bytes.wrap(spec.from().sharedArray()),
            Bytes.wrap(end.sharedArray()),
            Math.min(spec.limit(), place.config().scanEntriesMax()),
            place.config().scanBytesMax());
    place
        .store()
        .scanMerged(
            request,
            new Callback<>() {
              @Override
              public void succeeded(ScanPage page) {
                onPage(page, changing, configurationNumber);
              }

              @Override
              public void failed(StorageException cause) {
                place.failed().accept(cause);
              }
            });
  }

  private void onPage(ScanPage page, @Nullable Key changing, long configurationNumber) {
    if (page.rows().isEmpty() && changing != null) {
      emptyBefore = changing;
      place.again().accept(this);
      return;
    }
    List<ScanResult.Entry> entries = new ArrayList<>(page.rows().size());
    for (Row row : page.rows()) {
      StoredValue stored = StoredValue.decode(row.value());
      entries.add(
          new ScanResult.Entry(StateRows.keyOf(row.key()), stored.value(), stored.version()));
    }
    boolean more = changing != null || !page.continuation().isEmpty();
    call.end(new FrontAnswer.Done<>(new ScanResult(entries, more, configurationNumber)));
  }
}
