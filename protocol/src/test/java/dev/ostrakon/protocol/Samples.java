package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.ByteString;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Draws what correct clients and nodes may say, from a seed. */
final class Samples {
  private final Random random;

  Samples(long seed) {
    this.random = new Random(seed);
  }

  Transaction transaction() {
    return new Transaction(list(this::condition), list(this::operation), list(this::operation));
  }

  Operation operation() {
    return operation(any(Operation.Kind.values()));
  }

  Operation operation(Operation.Kind kind) {
    return switch (kind) {
      case GET -> new Operation.Get(key());
      case PUT -> new Operation.Put(key(), value());
      case APPEND -> new Operation.Append(key(), value());
      case DELETE -> new Operation.Delete(key());
      case ADD -> new Operation.Add(key(), random.nextLong(), random.nextBoolean());
    };
  }

  Condition condition() {
    return condition(any(Condition.Kind.values()));
  }

  Condition condition(Condition.Kind kind) {
    return switch (kind) {
      case EXISTS -> new Condition.Exists(key());
      case MISSING -> new Condition.Missing(key());
      case VALUE_IS -> new Condition.ValueIs(key(), value());
      case VALUE_IS_NOT -> new Condition.ValueIsNot(key(), value());
      case NUMBER_IS ->
          new Condition.NumberIs(key(), any(Condition.Comparison.values()), random.nextLong());
      case VERSION_IS -> new Condition.VersionIs(key(), timestamp());
    };
  }

  RequestOutcome.Committed committed() {
    return new RequestOutcome.Committed(timestamp(), any(Branch.values()), list(this::result));
  }

  OperationResult result() {
    return switch (random.nextInt(3)) {
      case 0 -> new OperationResult.Done();
      case 1 -> new OperationResult.Absent();
      default -> new OperationResult.Present(value(), timestamp());
    };
  }

  ServiceError error() {
    return new ServiceError(any(ErrorCode.values()), text(), detail());
  }

  ServiceError.Detail detail() {
    return switch (random.nextInt(6)) {
      case 0 -> ServiceError.Detail.NONE;
      case 1 -> new ServiceError.Leader(node(), text());
      case 2 -> new ServiceError.NewestConfiguration(natural());
      case 3 -> new ServiceError.Limit(text(), natural(), natural());
      case 4 -> new ServiceError.RetryAfter(random.nextInt(1 << 20));
      default -> new ServiceError.Skew(random.nextLong(), natural());
    };
  }

  Request request() {
    long watermark = random.nextInt(1000);
    List<Long> above = new ArrayList<>();
    long next = watermark;
    for (int i = random.nextInt(4); i > 0; i--) {
      next += 1 + random.nextInt(100);
      above.add(next);
    }
    return new Request(
        new TxnId(requestId(), 1 + random.nextInt(5)),
        timestamp(),
        new Acknowledgement(watermark, above),
        transaction());
  }

  RequestId requestId() {
    return new RequestId(clientId(), 1 + natural() / 2);
  }

  ClientId clientId() {
    return new ClientId(random.nextLong(), random.nextLong());
  }

  ScanRange scanRange() {
    return new ScanRange(group(), bytes(8), bytes(8), 1 + random.nextInt(1000));
  }

  ScanPage scanPage() {
    TreeMap<Key, Value> pairs = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      pairs.put(key(), value());
    }
    List<ScanPage.Entry> entries = new ArrayList<>();
    pairs.forEach((key, value) -> entries.add(new ScanPage.Entry(key, value, timestamp())));
    return new ScanPage(entries, !entries.isEmpty() && random.nextBoolean(), natural());
  }

  OutcomeQuestion question() {
    return new OutcomeQuestion(requestId(), group(), list(this::key), timestamp());
  }

  OutcomeReport report() {
    return switch (random.nextInt(7)) {
      case 0 -> new OutcomeReport.Committed(committed());
      case 3 -> new OutcomeReport.ResultsLost(committed().timestamp(), committed().branch());
      case 1 -> new OutcomeReport.Refused(error());
      case 2 -> new OutcomeReport.NeverExecuted();
      case 4 -> new OutcomeReport.NotHeardOf();
      case 5 -> new OutcomeReport.Acknowledged();
      default -> new OutcomeReport.Forgotten();
    };
  }

  Configuration configuration() {
    SortedMap<GroupId, List<NodeId>> groups = groups();
    int slots = 1 << random.nextInt(9);
    if (groups.isEmpty()) {
      return new Configuration(
          natural(), Collections.nCopies(slots, GroupId.CONTROLLER), new TreeMap<>());
    }
    List<GroupId> names = List.copyOf(groups.keySet());
    List<GroupId> owners = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      owners.add(names.get(random.nextInt(names.size())));
    }
    return new Configuration(natural(), owners, groups);
  }

  SortedMap<GroupId, List<NodeId>> groups() {
    SortedMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      groups.put(new GroupId(1 + random.nextInt(100)), list(this::node));
    }
    return groups;
  }

  NodeStatus nodeStatus() {
    return new NodeStatus(
        text(),
        node(),
        text(),
        text(),
        natural(),
        new NodeStatus.Clock(random.nextLong(), random.nextLong(), natural()),
        natural(),
        list(this::replica),
        list(() -> new NodeStatus.Peer(node(), text(), random.nextBoolean(), random.nextLong())),
        list(
            () ->
                new NodeStatus.Move(
                    slot(),
                    group(),
                    group(),
                    natural(),
                    any(NodeStatus.MoveState.values()),
                    natural())),
        counters());
  }

  private SortedMap<String, Long> counters() {
    SortedMap<String, Long> counters = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      counters.put(text(), natural());
    }
    return counters;
  }

  private NodeStatus.Replica replica() {
    return new NodeStatus.Replica(
        group(),
        any(NodeStatus.Role.values()),
        natural(),
        random.nextBoolean() ? node() : null,
        new NodeStatus.LogPosition(natural(), natural(), natural(), natural(), natural()),
        random.nextInt(256),
        natural(),
        natural(),
        text(),
        text());
  }

  Slot slot() {
    return new Slot(random.nextInt(256));
  }

  GroupId group() {
    return new GroupId(natural());
  }

  NodeId node() {
    return new NodeId("node-" + random.nextInt(100));
  }

  Key key() {
    byte[] bytes = new byte[1 + random.nextInt(16)];
    random.nextBytes(bytes);
    return new Key(ByteString.wrap(bytes));
  }

  Value value() {
    return new Value(bytes(32));
  }

  HybridTimestamp timestamp() {
    return HybridTimestamp.fromPacked(random.nextLong());
  }

  private ByteString bytes(int bound) {
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return ByteString.wrap(bytes);
  }

  private String text() {
    return "text " + random.nextInt(1000);
  }

  private long natural() {
    return random.nextLong() >>> (1 + random.nextInt(62));
  }

  private <T> List<T> list(Supplier<T> item) {
    List<T> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(item.get());
    }
    return items;
  }

  private <T> T any(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
