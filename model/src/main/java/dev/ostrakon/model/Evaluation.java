package dev.ostrakon.model;

/**
 * A fragment looked at from its place in the order, once nothing before it can change any more.
 *
 * @param conditionsHold whether all conditions of the fragment hold
 * @param then what the first branch would give
 * @param otherwise what the second branch would give
 */
public record Evaluation(boolean conditionsHold, BranchResult then, BranchResult otherwise) {
  /** What the given branch would give. */
  public BranchResult of(Branch branch) {
    return switch (branch) {
      case THEN -> then;
      case OTHERWISE -> otherwise;
    };
  }
}
