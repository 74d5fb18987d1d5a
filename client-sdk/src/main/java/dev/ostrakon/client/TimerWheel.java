package dev.ostrakon.client;

import org.jspecify.annotations.Nullable;

/**
 * The deadlines of many things by one coarse clock: setting, moving and cancelling one costs a few
 * links, and a tick looks at one slot. Fires never early, and late by up to a tick.
 *
 * <p>Confined to one event loop; it has no clock of its own.
 */
final class TimerWheel {
  private static final int SLOTS = 1 << 10;

  private final long tickNanos;
  private final long originNanos;
  private final Entry[] slots = new Entry[SLOTS];

  /** Every slot whose tick is at or before this one has been looked at. */
  private long lastTick;

  private int size;

  TimerWheel(long tickNanos, long nowNanos) {
    this.tickNanos = tickNanos;
    this.originNanos = nowNanos;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Head();
    }
  }

  /** Something that has at most one deadline at a time. */
  abstract static class Entry extends Task {
    private @Nullable Entry before;
    private @Nullable Entry after;
    private long tick;

    /** The deadline has come. */
    abstract void onTime(long nowNanos);

    /** Everything is to end. */
    void onEnd() {}
  }

  private static final class Head extends Entry {
    Head() {
      ((Entry) this).before = this;
      ((Entry) this).after = this;
    }

    @Override
    void run() {}

    @Override
    void onTime(long nowNanos) {}
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Sets or moves the deadline. */
  void set(Entry entry, long atNanos) {
    cancel(entry);
    long tick = Math.max(lastTick + 1, (atNanos - originNanos + tickNanos - 1) / tickNanos);
    entry.tick = tick;
    Entry head = slots[(int) tick & (SLOTS - 1)];
    Entry last = linked(head.before);
    entry.before = last;
    entry.after = head;
    last.after = entry;
    head.before = entry;
    size++;
  }

  /** Cancels the deadline, if there is one. */
  void cancel(Entry entry) {
    Entry before = entry.before;
    if (before != null) {
      Entry after = linked(entry.after);
      before.after = after;
      after.before = before;
      entry.before = null;
      entry.after = null;
      size--;
    }
  }

  /** Fires what is due. */
  void advance(long nowNanos) {
    long nowTick = (nowNanos - originNanos) / tickNanos;
    long steps = Math.min(nowTick - lastTick, SLOTS);
    lastTick = Math.max(lastTick, nowTick);
    for (long i = steps - 1; i >= 0 && size > 0; i--) {
      fire(slots[(int) (nowTick - i) & (SLOTS - 1)], nowTick, nowNanos);
    }
  }

  /** Due ones are moved to a list of their own first: firing may set and cancel others. */
  private void fire(Entry head, long nowTick, long nowNanos) {
    Head due = new Head();
    for (Entry entry = linked(head.after); entry != head; ) {
      Entry next = linked(entry.after);
      if (entry.tick <= nowTick) {
        move(entry, due);
      }
      entry = next;
    }
    for (Entry entry = first(due); entry != due; entry = first(due)) {
      cancel(entry);
      entry.onTime(nowNanos);
    }
  }

  /** Takes every entry out and ends it. */
  void endAll() {
    for (Entry head : slots) {
      for (Entry entry = first(head); entry != head; entry = first(head)) {
        cancel(entry);
        entry.onEnd();
      }
    }
  }

  private void move(Entry entry, Head to) {
    long tick = entry.tick;
    cancel(entry);
    entry.tick = tick;
    Entry last = linked(((Entry) to).before);
    entry.before = last;
    entry.after = to;
    last.after = entry;
    ((Entry) to).before = entry;
    size++;
  }

  private static Entry first(Entry head) {
    return linked(head.after);
  }

  private static Entry linked(@Nullable Entry entry) {
    if (entry == null) {
      throw new IllegalStateException("an entry of the wheel has neighbours");
    }
    return entry;
  }
}
