package dev.ostrakon.client;

import dev.ostrakon.protocol.ServiceError;

/** What a fake node does with one request. */
sealed interface Reaction {
  /** Carries it out and answers. */
  record Answer() implements Reaction {}

  /** Carries it out and answers twice. */
  record AnswerTwice() implements Reaction {}

  /** Carries it out and says nothing. */
  record LoseAnswer() implements Reaction {}

  /** Does not carry it out and says nothing. */
  record Ignore() implements Reaction {}

  /** Carries it out and closes the connection instead of answering. */
  record CloseAfter() implements Reaction {}

  /** Closes the connection. */
  record CloseBefore() implements Reaction {}

  /** Carries it out and answers what nobody understands. */
  record Garble() implements Reaction {}

  /** Carries it out and answers with another kind of answer. */
  record Confuse() implements Reaction {}

  /** Carries it out, says it is this error. */
  record DoneButSays(ServiceError error) implements Reaction {}

  /** Does not carry it out. */
  record Refuse(ServiceError error) implements Reaction {}

  /** Carries it out and answers later. */
  record Delay(int millis) implements Reaction {}
}
