package dev.ostrakon.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How help is laid out: as wide as the terminal, with examples that can be pasted. */
final class HelpLayout {
  private static final int WIDTH_MIN = 60;
  private static final int WIDTH_MAX = 120;

  private HelpLayout() {}

  /** Lays out the help of a command and of all commands below it. */
  static void apply(CommandLine command, int columns) {
    command.setUsageHelpWidth(Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, columns)));
    applyToAll(command);
  }

  private static void applyToAll(CommandLine command) {
    command
        .getHelpSectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            help -> whole(help.commandSpec().usageMessage().footer()));
    command.getSubcommands().values().forEach(HelpLayout::applyToAll);
  }

  /** The lines as they are: one that is broken cannot be pasted. */
  private static String whole(String[] lines) {
    return Arrays.stream(lines)
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
