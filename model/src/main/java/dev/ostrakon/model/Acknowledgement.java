package dev.ostrakon.model;

import java.util.List;

/**
 * What a client will not ask for again; it rides on the client's later requests.
 *
 * @param watermark every request with a sequence up to here is settled for the client; 0 for none
 * @param above further settled sequences, all above the watermark, strictly ascending
 */
public record Acknowledgement(long watermark, List<Long> above) {
  /** Nothing is acknowledged. */
  public static final Acknowledgement NONE = new Acknowledgement(0, List.of());

  /** Requires the sequences to be strictly ascending, starting above the watermark. */
  public Acknowledgement {
    above = List.copyOf(above);
    long previous = watermark;
    for (long sequence : above) {
      if (previous < 0 || sequence <= previous) {
        throw new IllegalArgumentException(
            "acknowledged sequences are strictly ascending, found "
                + sequence
                + " after "
                + previous);
      }
      previous = sequence;
    }
    if (watermark < 0) {
      throw new IllegalArgumentException("a watermark is not negative, was " + watermark);
    }
  }

  /** The client needs no answer any more for anything up to this sequence. */
  public static Acknowledgement upTo(long watermark) {
    return new Acknowledgement(watermark, List.of());
  }

  /** Whether nothing is acknowledged. */
  public boolean isEmpty() {
    return watermark == 0 && above.isEmpty();
  }
}
