package dev.ostrakon.controller;

/** How a request ended for good. Retries of the same request get the same answer. */
public sealed interface ControllerAnswer {
  /** It made the configuration with this number. */
  record Reconfigured(long number) implements ControllerAnswer {}

  /** There was nothing to change in the configuration, whose number is still this one. */
  record Unchanged(long number) implements ControllerAnswer {}

  /** It had no effect; see the reason for whether it may have had one earlier. */
  record Refused(ControllerRefusal refusal) implements ControllerAnswer {}
}
