package dev.ostrakon.cli;

import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Scan;
import dev.ostrakon.client.ScanResult;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The keys of one run of a command on somebody's cluster: they begin with a prefix that nobody has
 * used, and they are removed when the run ends, in whatever way.
 */
final class OwnKeys {
  private static final int RADIX = 36;
  private static final int DIGITS = 4;
  private static final int TRIES_MAX = 20;

  /** What becomes of the keys at the end. */
  enum AtEnd {
    REMOVE,
    KEEP;

    static AtEnd of(boolean keep) {
      return keep ? KEEP : REMOVE;
    }
  }

  private final ClusterOptions cluster;
  private final OstrakonClient client;
  private final LiveLine live;
  private final String command;
  private final String prefix;

  private OwnKeys(
      ClusterOptions cluster, OstrakonClient client, LiveLine live, String command, String prefix) {
    this.cluster = cluster;
    this.client = client;
    this.live = live;
    this.command = command;
    this.prefix = prefix;
  }

  /** Keys of a prefix that no key of the cluster has; says which. */
  static OwnKeys choose(
      ClusterOptions cluster, OstrakonClient client, LiveLine live, String command)
      throws CommandFailedException {
    SplittableRandom random = new SplittableRandom(System.nanoTime());
    for (int i = 0; i < TRIES_MAX; i++) {
      String prefix = command + "-" + digits(random) + "/";
      ScanResult found = cluster.await(client.scan(Scan.prefix(prefix).limit(1)));
      if (found.entries().isEmpty() && found.next().isEmpty()) {
        live.say(command + ": all keys of this run begin with " + prefix);
        return new OwnKeys(cluster, client, live, command, prefix);
      }
    }
    throw new CommandFailedException(
        Main.REFUSED, "No free prefix was found for the keys of this run.", null);
  }

  /** Keys that another client writes. */
  static OwnKeys of(
      ClusterOptions cluster, OstrakonClient client, LiveLine live, String command, String prefix) {
    live.say(command + ": all keys of this run begin with " + prefix);
    return new OwnKeys(cluster, client, live, command, prefix);
  }

  /** Four digits of 36: with the command's name and two more characters 11 bytes for bench. */
  private static String digits(SplittableRandom random) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < DIGITS; i++) {
      digits.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return digits.toString();
  }

  String prefix() {
    return prefix;
  }

  /** The command that removes the keys. */
  String removal() {
    return "ostrakon kv delete --prefix " + prefix + " --cluster " + addresses();
  }

  private String addresses() {
    return String.join(",", cluster.addresses());
  }

  /** What is to be done if the run ends before it could remove its keys. */
  List<String> lastWords(AtEnd atEnd) {
    return List.of(
        atEnd == AtEnd.KEEP
            ? command + ": the keys are kept; remove them with: " + removal()
            : command + ": keys of this run are left; remove them with: " + removal());
  }

  /**
   * Does the work of the run, and then removes the keys, or tells how they can be removed. If both
   * the work and the removal fail, what the work failed with is thrown.
   */
  <T, E extends Exception> T use(AtEnd atEnd, LiveLine.Work<T, E> work)
      throws E, CommandFailedException {
    boolean isDone = false;
    T result;
    try {
      result = work.run();
      isDone = true;
    } finally {
      if (!isDone && atEnd == AtEnd.REMOVE) {
        tryRemove();
      }
    }
    if (atEnd == AtEnd.REMOVE) {
      remove();
    } else {
      lastWords(atEnd).forEach(live::say);
    }
    return result;
  }

  private void tryRemove() {
    try {
      remove();
    } catch (CommandFailedException e) {
      live.end(); // How the keys can be removed is told; why the run failed comes next.
    }
  }

  private void remove() throws CommandFailedException {
    KeyRemoval keys = new KeyRemoval(cluster, client, prefix);
    LiveLine.Ticker ticker = live.tick(() -> command + ": removing keys, " + keys.removed());
    try {
      long count = keys.run();
      live.say(command + ": removed the " + count + " keys of this run");
    } catch (CommandFailedException e) {
      lastWords(AtEnd.REMOVE).forEach(live::say);
      throw e;
    } finally {
      ticker.close();
    }
  }
}
