package dev.ostrakon.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryId;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import dev.ostrakon.raft.Membership;
import dev.ostrakon.raft.SnapshotMetadata;
import dev.ostrakon.replica.Callback;
import dev.ostrakon.replica.ManualScheduler;
import dev.ostrakon.replica.MemoryStateStore;
import dev.ostrakon.replica.StateStore.Row;
import dev.ostrakon.replica.StateStore.ScanPage;
import dev.ostrakon.replica.StateStore.ScanRequest;
import dev.ostrakon.replica.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One state machine over its store, without a log: entries are applied as they are sent. */
final class SingleController {
  private static final int TASKS_MAX = 100_000;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final List<StorageException> failures = new ArrayList<>();

  private MemoryStateStore store = new MemoryStateStore(scheduler);
  private ControllerStateMachine machine = new ControllerStateMachine(store, failures::add);
  private long lastIndex;
  private long lastSequence;
  private long wallMillis = 1_000_000;

  /** A state machine whose group nobody has founded yet. */
  static SingleController unfounded() {
    SingleController controller = new SingleController();
    controller.machine.restored(controller.position());
    return controller;
  }

  static SingleController founded(ControllerRules rules) {
    SingleController controller = unfounded();
    controller.send(new Found(rules));
    return controller;
  }

  ControllerStateMachine machine() {
    return machine;
  }

  MemoryStateStore store() {
    return store;
  }

  List<StorageException> failures() {
    return failures;
  }

  void passMillis(long millis) {
    wallMillis += millis;
  }

  HybridTimestamp now() {
    return Samples.at(wallMillis);
  }

  /** Sends a command as a request of its own, one millisecond after the last. */
  ControllerAnswer send(ControllerCommand command) {
    wallMillis++;
    lastSequence++;
    return send(Samples.request(1, lastSequence, now(), command));
  }

  ControllerAnswer send(ControllerRequest request) {
    return sendBytes(EntryCodec.encode(new ControllerEntry(now(), request)));
  }

  /** Applies any bytes and returns the answer. */
  ControllerAnswer sendBytes(Bytes payload) {
    List<ControllerAnswer> answers = applyBytes(payload);
    assertThat(answers).as("answers to one entry").hasSize(1);
    return answers.get(0);
  }

  /** Applies any bytes and returns the answers that came, none if the machine failed. */
  List<ControllerAnswer> applyBytes(Bytes payload) {
    List<ControllerAnswer> answers = new ArrayList<>();
    lastIndex++;
    machine.apply(new LogEntry(lastIndex, 1, EntryKind.COMMAND, payload), answers::add);
    settle();
    return answers;
  }

  void settle() {
    scheduler.runAll(TASKS_MAX);
    machine.checkInvariants();
  }

  /** Makes what was written durable, so that a restart finds it. */
  void checkpoint() {
    machine.beforeCheckpoint();
    store.checkpoint(position(), new Expected<>());
    settle();
  }

  /** Throws the memory away and starts anew from the last checkpoint, without waiting for it. */
  void restart() {
    store = store.reopen(scheduler);
    SnapshotMetadata at = store.recover();
    machine = new ControllerStateMachine(store, failures::add);
    machine.restored(at);
  }

  QueryAnswer query(long number) {
    Expected<QueryAnswer> answer = new Expected<>();
    machine.query(ConfigurationQuery.of(number), answer);
    settle();
    return answer.value().orElseThrow();
  }

  Configuration configuration(long number) {
    QueryAnswer answer = query(number);
    assertThat(answer).isInstanceOf(QueryAnswer.Found.class);
    return ((QueryAnswer.Found) answer).configuration();
  }

  Configuration newest() {
    return configuration(ConfigurationQuery.LATEST_NUMBER);
  }

  /** Everything in the store. */
  List<Row> rows() {
    Expected<ScanPage> page = new Expected<>();
    store.scan(
        new ScanRequest(Bytes.EMPTY, Bytes.EMPTY, Integer.MAX_VALUE, Integer.MAX_VALUE), page);
    settle();
    return page.value().orElseThrow().rows();
  }

  private SnapshotMetadata position() {
    return new SnapshotMetadata(
        lastIndex == 0 ? EntryId.ZERO : new EntryId(1, lastIndex), Membership.EMPTY);
  }

  /** Keeps the one result of a callback. */
  static final class Expected<T> implements Callback<T> {
    private final List<T> values = new ArrayList<>();
    private final List<StorageException> failures = new ArrayList<>();

    @Override
    public void succeeded(T value) {
      values.add(value);
    }

    @Override
    public void failed(StorageException cause) {
      failures.add(cause);
    }

    Optional<T> value() {
      assertThat(values.size()).isLessThanOrEqualTo(1);
      return values.stream().findFirst();
    }

    List<StorageException> failures() {
      return failures;
    }
  }
}
