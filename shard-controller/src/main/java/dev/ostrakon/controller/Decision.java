package dev.ostrakon.controller;

/** What a command comes to; see {@link Reconfiguration}. */
sealed interface Decision {
  /** It is done: this is what holds from now on, perhaps the same as before. */
  record Accepted(Founded next) implements Decision {}

  /** It is not done, and nothing changes. */
  record Refused(ControllerRefusal refusal) implements Decision {}

  static Decision refused(ControllerRefusal.Reason reason, String detail) {
    return new Refused(new ControllerRefusal(reason, detail));
  }
}
