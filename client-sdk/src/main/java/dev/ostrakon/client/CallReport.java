package dev.ostrakon.client;

import dev.ostrakon.model.GroupId;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a failed call went through: which group it was for, which nodes were asked, what each said
 * last, and how long that took. For people and logs; holds no keys and no values.
 */
public final class CallReport {
  private final GroupId group;
  private final List<Asked> asked;
  private final long elapsedMillis;

  CallReport(GroupId group, List<Asked> asked, long elapsedMillis) {
    this.group = group;
    this.asked = List.copyOf(asked);
    this.elapsedMillis = elapsedMillis;
  }

  /**
   * One node that was asked.
   *
   * @param node its name, or its address if the name is not known yet
   * @param said what its last answer was, or why there was none
   * @param times how often it was asked, at least 1
   */
  public record Asked(String node, String said, int times) {
    @Override
    public String toString() {
      return who() + ": " + said;
    }

    private String who() {
      return node + (times == 1 ? "" : " (" + times + " times)");
    }
  }

  /** The group that the last sending was for; empty if the call never got so far. */
  public OptionalLong group() {
    return group.equals(GroupId.CONTROLLER)
        ? OptionalLong.empty()
        : OptionalLong.of(group.number());
  }

  /** The nodes that were asked, in the order of the first question; at most a few. */
  public List<Asked> asked() {
    return asked;
  }

  /** From the acceptance of the call to its failure, in milliseconds. */
  public long elapsedMillis() {
    return elapsedMillis;
  }

  @Override
  public String toString() {
    return toString("");
  }

  /** As {@link #toString()}, without repeating what was said already. */
  String toString(String sentence) {
    StringBuilder text = new StringBuilder();
    group().ifPresent(number -> text.append("group ").append(number).append(", "));
    text.append(String.format(Locale.ROOT, "%.1f s", elapsedMillis / 1e3));
    text.append(asked.isEmpty() ? ", nobody was asked" : "");
    for (Asked one : asked) {
      text.append("; ").append(one.said().equals(Attempts.shortened(sentence)) ? one.who() : one);
    }
    return text.toString();
  }
}
