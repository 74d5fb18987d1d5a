package dev.ostrakon.checker;

/**
 * The object whose operations are to be put into one order: its states and what operations do to
 * them, both named by small numbers.
 *
 * <p>Besides the meaning of operations it may tell what need not be tried. Each such answer must be
 * sound: it may cut off orders only if another order exists whenever one of them does.
 */
interface SequentialModel {
  /** What {@link #next} answers if the operation cannot be applied, or not with its output. */
  int IMPOSSIBLE = -1;

  /** The state before all operations. */
  int initial();

  /** The state that the operation leaves, or {@link #IMPOSSIBLE}. */
  int next(int state, int operation);

  /** Whether the operation never changes a state: it is then applied as soon as it can be. */
  boolean isRead(int operation);

  /** Whether the output of the operation, or its refusal, tells something of the state before. */
  boolean observes(int operation);

  /** Whether the state that the operation leaves does not depend on the one before. */
  boolean overwrites(int operation);

  /** Whether an operation of unknown outcome, which may be left out, could serve to explain any. */
  boolean isWorthwhile(int operation, int before, int after);

  /**
   * What the operation does to any state, as a value with equals: the same for two operations only
   * if they do the same.
   */
  Object effect(int operation);

  /** Takes note that the operation has its place in the order. */
  void onPlaced(int operation);

  /** Takes note that the operation, the one placed last, has lost its place. */
  void onRemoved(int operation);

  /**
   * Whether, with the operation just placed, some operation that has to come can no longer do so.
   */
  boolean isHopeless(int operation, int before, int after);
}
