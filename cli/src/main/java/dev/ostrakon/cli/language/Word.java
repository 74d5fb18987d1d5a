package dev.ostrakon.cli.language;

/**
 * One word of a text.
 *
 * @param value what it stands for, without quotes
 * @param position where it begins in the text, from 0
 * @param quoted whether it was quoted, so that it is no operator and no verb
 */
record Word(String value, int position, boolean quoted) {
  boolean is(String bare) {
    return !quoted && value.equals(bare);
  }
}
