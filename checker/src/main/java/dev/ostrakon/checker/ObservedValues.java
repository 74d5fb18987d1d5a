package dev.ostrakon.checker;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The values of one key that any operation compares with what it finds. */
final class ObservedValues {
  private final NavigableSet<String> texts = new TreeSet<>();

  ObservedValues(List<KvOperation> operations) {
    operations.forEach(this::add);
  }

  private void add(KvOperation operation) {
    if (operation.action() instanceof KvAction.Cas cas) {
      add(cas.expect());
    } else if (operation.output() instanceof KvOutput.Value value) {
      add(value.text());
    }
  }

  private void add(@Nullable String text) {
    if (text != null) {
      texts.add(text);
    }
  }

  /** Whether the text is one of the values or begins one: else nothing tells it from others. */
  boolean canSee(String text) {
    String next = texts.ceiling(text);
    return next != null && next.startsWith(text);
  }

  /** Whether appends can make one of the values of the text; null stands for no value. */
  boolean canGrowFrom(@Nullable String text) {
    if (text == null) {
      return !texts.isEmpty();
    }
    String next = texts.higher(text);
    return next != null && next.startsWith(text);
  }
}
