package dev.ostrakon.model;

import java.util.List;
import java.util.zip.CRC32C;

/**
 * 32 bits by which two transactions are told apart: the same on every node and in every run. They
 * find an id that is used again with another body, and are no protection against anybody who wants
 * to be mistaken: one in four thousand million bodies has the same.
 */
public final class Fingerprint {
  /** Of a body that is not known: equal to every other. */
  public static final int UNKNOWN = 0;

  private static final long SEED = 0xCBF29CE484222325L;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  /** Up to this size a loop is quicker than a checksum. */
  private static final int SHORT_BYTES = 32;

  private long state = SEED;

  private Fingerprint() {}

  /** The fingerprint of conditions, operations, keys and values; never {@link #UNKNOWN}. */
  public static int of(Transaction transaction) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.mix(transaction.conditions().size());
    for (Condition condition : transaction.conditions()) {
      fingerprint.mix(condition);
    }
    fingerprint.mix(transaction.then());
    fingerprint.mix(transaction.otherwise());
    int folded = (int) (fingerprint.state ^ (fingerprint.state >>> Integer.SIZE));
    return folded == UNKNOWN ? 1 : folded;
  }

  /** Whether these are certainly not of the same body. */
  public static boolean differ(int one, int other) {
    return one != UNKNOWN && other != UNKNOWN && one != other;
  }

  private void mix(List<Operation> branch) {
    mix(branch.size());
    for (Operation operation : branch) {
      mix(operation.kind().code());
      mix(operation.key().bytes());
      if (operation instanceof Operation.Put put) {
        mix(put.value().bytes());
      } else if (operation instanceof Operation.Append append) {
        mix(append.value().bytes());
      } else if (operation instanceof Operation.Add add) {
        mix(add.delta());
        mix(add.wantsValue() ? 1 : 0);
      }
    }
  }

  private void mix(Condition condition) {
    mix(condition.kind().code());
    mix(condition.key().bytes());
    if (condition instanceof Condition.ValueIs is) {
      mix(is.value().bytes());
    } else if (condition instanceof Condition.ValueIsNot isNot) {
      mix(isNot.value().bytes());
    } else if (condition instanceof Condition.NumberIs number) {
      mix(number.comparison().code());
      mix(number.bound());
    } else if (condition instanceof Condition.VersionIs version) {
      mix(version.version().packed());
    }
  }

  private void mix(ByteString bytes) {
    byte[] array = bytes.sharedArray();
    mix(array.length);
    if (array.length <= SHORT_BYTES) {
      for (byte one : array) {
        mix(one);
      }
    } else {
      CRC32C checksum = new CRC32C();
      checksum.update(array, 0, array.length);
      mix(checksum.getValue());
    }
  }

  private void mix(long number) {
    long mixed = (state ^ number) * FACTOR;
    state = mixed ^ (mixed >>> Integer.SIZE);
  }
}
