package dev.ostrakon.controller;

import dev.ostrakon.hlc.HybridTimestamp;

/**
 * What is logged for a request.
 *
 * @param timestamp the leader's clock when it proposed the entry; it moves the group's clock, which
 *     measures the window of remembered answers. The leader refuses requests whose {@code issuedAt}
 *     is beyond the permitted offset before it logs them.
 */
public record ControllerEntry(HybridTimestamp timestamp, ControllerRequest request) {}
