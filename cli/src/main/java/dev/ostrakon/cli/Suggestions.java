package dev.ostrakon.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What somebody meant who misspelt a command or an option. */
final class Suggestions {
  private static final String END_OF_OPTIONS = "--";

  private Suggestions() {}

  /** The sentence for wrong usage, with what was probably meant. */
  static String sentence(ParameterException failure, String[] arguments) {
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0);
      if (word.startsWith("-") && word.length() > 1) {
        return "There is no option '" + word + "'" + meant(word, optionsOf(spec));
      }
      if (!spec.subcommands().isEmpty() && spec.positionalParameters().isEmpty()) {
        return "There is no command '" + word + "'" + meantCommand(word, failure.getCommandLine());
      }
      return message;
    }
    return unknownOption(spec, arguments)
        .map(word -> message + "; there is no option '" + word + "'" + meant(word, optionsOf(spec)))
        .orElse(message);
  }

  private static List<String> optionsOf(CommandSpec spec) {
    return spec.optionsMap().keySet().stream().filter(name -> name.startsWith("--")).toList();
  }

  /** The first argument that looks like an option of the command and is none. */
  private static Optional<String> unknownOption(CommandSpec spec, String[] arguments) {
    return Arrays.stream(arguments)
        .takeWhile(word -> !word.equals(END_OF_OPTIONS))
        .filter(word -> word.startsWith("--"))
        .map(word -> word.contains("=") ? word.substring(0, word.indexOf('=')) : word)
        .filter(word -> !spec.optionsMap().containsKey(word))
        .findFirst();
  }

  /** A command here, or else one below a command here. */
  private static String meantCommand(String word, CommandLine command) {
    Map<String, String> deeper = new LinkedHashMap<>();
    command
        .getSubcommands()
        .forEach(
            (name, sub) ->
                sub.getSubcommands()
                    .keySet()
                    .forEach(below -> deeper.put(below, name + " " + below)));
    Optional<String> own = closest(word, command.getSubcommands().keySet());
    Optional<String> below = closest(word, deeper.keySet());
    boolean isBelow = deeper.containsKey(word) || (own.isEmpty() && below.isPresent());
    String meant = isBelow ? deeper.get(below.orElse(word)) : own.orElse(null);
    return meant == null ? "." : "; did you mean '" + meant + "'?";
  }

  private static String meant(String word, Collection<String> known) {
    return closest(word, known).map(name -> "; did you mean '" + name + "'?").orElse(".");
  }

  /** The known word that is the fewest typing errors away, if these are few for its length. */
  static Optional<String> closest(String word, Collection<String> known) {
    String best = null;
    int least = Math.max(1, word.replace("-", "").length() / 3) + 1;
    for (String name : known) {
      boolean begins = word.length() >= 3 && name.startsWith(word) && name.length() > word.length();
      int errors = begins ? 1 : distance(word, name);
      if (errors < least) {
        least = errors;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Insertions, deletions, replacements and swaps of neighbours from one word to the other. */
  static int distance(String from, String to) {
    int[][] errors = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          errors[i][j] = i + j;
          continue;
        }
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int least = errors[i - 1][j - 1] + (same ? 0 : 1);
        least = Math.min(least, Math.min(errors[i - 1][j], errors[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        errors[i][j] = swapped ? Math.min(least, errors[i - 2][j - 2] + 1) : least;
      }
    }
    return errors[from.length()][to.length()];
  }
}
