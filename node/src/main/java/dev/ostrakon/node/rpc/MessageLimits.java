package dev.ostrakon.node.rpc;

/**
 * What a message of a service may be.
 *
 * @param bytesMax its size
 * @param elementsMax the objects that it would become: messages within it, byte strings, texts,
 *     values of repeated and unknown fields
 * @param setting the setting that the size comes from, for people
 */
public record MessageLimits(int bytesMax, int elementsMax, String setting) {
  /** Requires positive limits. */
  public MessageLimits {
    if (bytesMax < 1 || elementsMax < 1) {
      throw new IllegalArgumentException(
          "limits of a message are positive, were " + bytesMax + " and " + elementsMax);
    }
  }
}
