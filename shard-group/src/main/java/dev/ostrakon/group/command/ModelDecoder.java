package dev.ostrakon.group.command;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Acknowledgement;
import dev.ostrakon.model.Branch;
import dev.ostrakon.model.BranchResult;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Condition.Comparison;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.Evaluation;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Refusal;
import dev.ostrakon.model.Request;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.RequestOutcome;
import dev.ostrakon.model.Transaction;
import dev.ostrakon.model.TxnId;
import dev.ostrakon.model.TxnOutcome;
import dev.ostrakon.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Reads what {@link ModelEncoder} wrote.
 *
 * <p>Every method throws {@link MalformedException}, or {@link IllegalArgumentException} from the
 * value that would break its own rules.
 */
public final class ModelDecoder {
  private static final Comparison[] COMPARISONS = Comparison.values();
  private static final Refusal.Reason[] REASONS = Refusal.Reason.values();

  private final ByteReader in;

  /** Reads on from where the reader stands. */
  public ModelDecoder(ByteReader in) {
    this.in = in;
  }

  /** A request with its transaction. */
  public Request request() {
    TxnId id = txnId();
    HybridTimestamp issuedAt = in.timestamp();
    Acknowledgement acknowledgement = acknowledgement();
    int fingerprint = in.i32();
    return new Request(id, issuedAt, acknowledgement, transaction(), fingerprint);
  }

  /** An id. */
  public TxnId txnId() {
    ClientId client = new ClientId(in.i64(), in.i64());
    return new TxnId(new RequestId(client, in.varint()), in.size());
  }

  /** Groups in the order given. */
  public List<GroupId> groups() {
    return list(() -> new GroupId(in.varint()));
  }

  /** Conditions and both branches. */
  public Transaction transaction() {
    List<Condition> conditions = list(this::condition);
    List<Operation> then = list(this::operation);
    return new Transaction(conditions, then, list(this::operation));
  }

  /** A number and its owners and groups. */
  public Configuration configuration() {
    long number = in.varint();
    List<GroupId> owners = groups();
    TreeMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    for (int left = in.count(); left > 0; left--) {
      GroupId group = new GroupId(in.varint());
      groups.put(group, list(() -> new NodeId(in.text())));
    }
    return new Configuration(number, owners, groups);
  }

  /** A reason and its text. */
  public Refusal refusal() {
    int code = in.u8();
    for (Refusal.Reason reason : REASONS) {
      if (reason.code() == code) {
        return new Refusal(reason, in.text());
      }
    }
    throw unknown("reason", code);
  }

  /** What a request came to. */
  public RequestOutcome requestOutcome() {
    int code = in.u8();
    return switch (code) {
      case ModelEncoder.OUTCOME_COMMITTED ->
          new RequestOutcome.Committed(in.timestamp(), branch(), results());
      case ModelEncoder.OUTCOME_REFUSED -> new RequestOutcome.Refused(refusal());
      default -> throw unknown("outcome", code);
    };
  }

  /** What was decided about a transaction. */
  public TxnOutcome txnOutcome() {
    int code = in.u8();
    return switch (code) {
      case ModelEncoder.OUTCOME_COMMITTED -> new TxnOutcome.Commit(branch());
      case ModelEncoder.OUTCOME_REFUSED -> new TxnOutcome.Abort(refusal());
      default -> throw unknown("outcome", code);
    };
  }

  /** What a fragment gives. */
  public Evaluation evaluation() {
    boolean conditionsHold = flag();
    BranchResult then = branchResult();
    return new Evaluation(conditionsHold, then, branchResult());
  }

  /** One result for each operation. */
  public List<OperationResult> results() {
    return list(this::result);
  }

  /** A list of what {@code element} reads. */
  public <T> List<T> list(Supplier<T> element) {
    int count = in.count();
    if (count == 0) {
      return List.of();
    }
    List<T> result = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      result.add(element.get());
    }
    return result;
  }

  private Branch branch() {
    int code = in.u8();
    if (code == Branch.THEN.code()) {
      return Branch.THEN;
    }
    if (code == Branch.OTHERWISE.code()) {
      return Branch.OTHERWISE;
    }
    throw unknown("branch", code);
  }

  private BranchResult branchResult() {
    int code = in.u8();
    return switch (code) {
      case ModelEncoder.OUTCOME_COMMITTED -> new BranchResult.Results(results());
      case ModelEncoder.OUTCOME_REFUSED -> new BranchResult.Impossible(refusal());
      default -> throw unknown("branch result", code);
    };
  }

  private OperationResult result() {
    int code = in.u8();
    return switch (code) {
      case ModelEncoder.RESULT_DONE -> new OperationResult.Done();
      case ModelEncoder.RESULT_ABSENT -> new OperationResult.Absent();
      case ModelEncoder.RESULT_PRESENT -> present();
      default -> throw unknown("result", code);
    };
  }

  private OperationResult present() {
    HybridTimestamp version = in.timestamp();
    return new OperationResult.Present(value(), version);
  }

  /** What a client will not ask for again. */
  public Acknowledgement acknowledgement() {
    long watermark = in.varint();
    int count = in.count();
    if (count == 0) {
      return watermark == 0 ? Acknowledgement.NONE : Acknowledgement.upTo(watermark);
    }
    List<Long> above = new ArrayList<>(Math.min(count, 1024));
    long previous = watermark;
    for (int i = 0; i < count; i++) {
      previous += in.varint();
      above.add(previous);
    }
    return new Acknowledgement(watermark, above);
  }

  private Condition condition() {
    int code = in.u8();
    Key key = key();
    return switch (code) {
      case 1 -> new Condition.Exists(key);
      case 2 -> new Condition.Missing(key);
      case 3 -> new Condition.ValueIs(key, value());
      case 4 -> new Condition.ValueIsNot(key, value());
      case 5 -> new Condition.NumberIs(key, comparison(), in.i64());
      case 6 -> new Condition.VersionIs(key, in.timestamp());
      default -> throw unknown("condition", code);
    };
  }

  private Comparison comparison() {
    int code = in.u8();
    for (Comparison comparison : COMPARISONS) {
      if (comparison.code() == code) {
        return comparison;
      }
    }
    throw unknown("comparison", code);
  }

  private Operation operation() {
    int code = in.u8();
    Key key = key();
    return switch (code) {
      case 1 -> new Operation.Get(key);
      case 2 -> new Operation.Put(key, value());
      case 3 -> new Operation.Append(key, value());
      case 4 -> new Operation.Delete(key);
      case 5 -> new Operation.Add(key, in.i64(), flag());
      default -> throw unknown("operation", code);
    };
  }

  private Key key() {
    return new Key(in.byteString());
  }

  private Value value() {
    return new Value(in.byteString());
  }

  private boolean flag() {
    int code = in.u8();
    if (code > 1) {
      throw unknown("flag", code);
    }
    return code == 1;
  }

  private static MalformedException unknown(String what, int code) {
    return new MalformedException("unknown code of a " + what + ": " + code);
  }
}
