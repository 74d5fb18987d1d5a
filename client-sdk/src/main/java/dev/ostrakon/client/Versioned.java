package dev.ostrakon.client;

import dev.ostrakon.hlc.HybridTimestamp;

/**
 * A value and when it was written.
 *
 * @param <T> {@code String} or {@code byte[]}; an array belongs to whoever got it
 * @param version the timestamp of the key's last write; {@link Conditions#version} compares it
 */
public record Versioned<T>(T value, HybridTimestamp version) {}
