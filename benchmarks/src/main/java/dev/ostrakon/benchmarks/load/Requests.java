package dev.ostrakon.benchmarks.load;

import dev.ostrakon.benchmarks.load.LoadSettings.Transfers;
import dev.ostrakon.benchmarks.load.LoadSettings.Workload;
import dev.ostrakon.client.Batch;
import dev.ostrakon.client.Conditions;
import dev.ostrakon.client.Operations;
import dev.ostrakon.client.OstrakonClient;
import dev.ostrakon.client.Scan;
import dev.ostrakon.client.Txn;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.Configuration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Makes the requests of a workload. Any thread. */
final class Requests {
  /** What every account has at first: enough never to run out. */
  private static final String BALANCE = "1000000000";

  private static final int SCAN_KEYS = 100;

  private final LoadSettings settings;
  private final KeySpace keys;
  private final String value;
  private final Scan everything;

  Requests(LoadSettings settings, Configuration configuration) {
    this.settings = settings;
    boolean transfers = settings.workload() == Workload.TRANSFER;
    int count = transfers ? settings.accounts() : settings.keys();
    this.keys = new KeySpace(settings.keyPrefix(), count, settings.zipf(), configuration);
    this.everything = Scan.prefix(settings.keyPrefix());
    this.value = "v".repeat(settings.valueBytes());
    if (settings.groupsPerTxn() > keys.groups()) {
      throw new IllegalArgumentException(
          "each transaction is to touch "
              + settings.groupsPerTxn()
              + " groups, but only "
              + keys.groups()
              + " have keys");
    }
  }

  /** All keys, which must be there before the workload begins. */
  List<String> toLoad() {
    return keys.names();
  }

  /** What they must hold. */
  String firstValue() {
    return settings.workload() == Workload.TRANSFER ? BALANCE : value;
  }

  /** Sends the next request. */
  CompletableFuture<?> next(OstrakonClient client, SplittableRandom random) {
    return switch (settings.workload()) {
      case PUT -> client.put(keys.draw(random), value);
      case GET -> client.get(keys.draw(random));
      case MIXED ->
          random.nextBoolean()
              ? client.put(keys.draw(random), value)
              : client.get(keys.draw(random));
      case TXN -> putAll(client, random);
      case TRANSFER -> transfer(client, random);
      case SCAN -> client.scan(scan(random));
    };
  }

  /** Keys in order from a random one on, none but those of this load. */
  private Scan scan(SplittableRandom random) {
    return new Scan(ByteString.utf8(keys.draw(random)), everything.to(), SCAN_KEYS);
  }

  private CompletableFuture<?> putAll(OstrakonClient client, SplittableRandom random) {
    Batch batch = client.batch();
    int groups = settings.groupsPerTxn();
    List<String> drawn = groups == 0 ? keys.drawPair(random) : keys.drawOfGroups(random, groups);
    drawn.forEach(key -> batch.put(key, value));
    return batch.commit();
  }

  private CompletableFuture<?> transfer(OstrakonClient client, SplittableRandom random) {
    List<String> pair =
        switch (settings.groupsPerTxn()) {
          case 1 -> keys.drawPairOfOneGroup(random);
          case 2 -> keys.drawOfGroups(random, 2);
          default -> keys.drawPair(random);
        };
    Txn txn = client.txn();
    if (settings.transfers() == Transfers.CONDITIONAL) {
      txn.when(Conditions.value(pair.get(0)).atLeast(1));
    }
    return txn.then(Operations.add(pair.get(0), -1), Operations.add(pair.get(1), 1)).commit();
  }
}
