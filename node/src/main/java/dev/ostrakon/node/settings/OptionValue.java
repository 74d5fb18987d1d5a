package dev.ostrakon.node.settings;

/**
 * What was said of an option.
 *
 * @param place where it was said, for people, such as {@code node.yaml line 3}
 */
record OptionValue(String text, String place) {}
