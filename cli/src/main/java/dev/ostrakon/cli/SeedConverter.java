package dev.ostrakon.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a 64-bit seed, decimal or hexadecimal with 0x. */
final class SeedConverter implements ITypeConverter<Long> {

  @Override
  public Long convert(String text) {
    try {
      return text.startsWith("0x") || text.startsWith("0X")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a seed: 0x2a or 42 would be");
    }
  }
}
