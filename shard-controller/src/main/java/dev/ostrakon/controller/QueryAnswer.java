package dev.ostrakon.controller;

import dev.ostrakon.model.Configuration;

/** What a {@link ConfigurationQuery} found. */
public sealed interface QueryAnswer {
  /** The configuration that was asked for. */
  record Found(Configuration configuration) implements QueryAnswer {}

  /** There is none, or it cannot be read now. */
  record Refused(ControllerRefusal refusal) implements QueryAnswer {}
}
