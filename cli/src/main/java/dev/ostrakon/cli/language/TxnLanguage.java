package dev.ostrakon.cli.language;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Condition.Comparison;
import dev.ostrakon.model.Key;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.Value;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads conditions and operations. */
public final class TxnLanguage {
  /** What a condition looks like, for people. */
  public static final String CONDITIONS =
      "exists K, missing K, K == V, K != V, K < N, K <= N, K > N, K >= N, version K == HLC";

  /** What an operation looks like, for people. */
  public static final String OPERATIONS = "get K, put K V, append K V, delete K, add K N";

  private final String text;
  private final List<Word> words;

  private TxnLanguage(String text) throws SyntaxException {
    this.text = text;
    this.words = WordReader.words(text);
  }

  /** The condition that a text such as {@code alice >= 100} says. */
  public static Condition condition(String text) throws SyntaxException {
    return new TxnLanguage(text).condition();
  }

  /** The operation that a text such as {@code add alice -100} says. */
  public static Operation operation(String text) throws SyntaxException {
    return new TxnLanguage(text).operation();
  }

  /**
   * The moment in a text such as {@code 1700000000000.3}, as {@link HybridTimestamp#toString}
   * writes it; empty if it is none.
   */
  public static Optional<HybridTimestamp> version(String text) {
    int dot = text.indexOf('.');
    if (!text.matches("\\d{1,15}\\.\\d{1,5}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new HybridTimestamp(
              Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A word of the language that stands for a text: quoted where it must be. */
  public static String quote(String value) {
    boolean plain =
        !value.isEmpty()
            && value.charAt(0) != '"'
            && value.charAt(0) != '\''
            && value.chars().noneMatch(c -> c == ' ' || Character.isISOControl(c));
    if (plain) {
      return value;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private Condition condition() throws SyntaxException {
    if (words.isEmpty()) {
      throw error(0, "expected a condition (" + CONDITIONS + ")");
    }
    return isComparison() ? comparison() : verbCondition();
  }

  /** A word followed by an operator is a key, even if it is called exists, missing or version. */
  private boolean isComparison() {
    Word first = words.get(0);
    boolean versionOfSuchKey = words.size() == 4 && first.is("version") && words.get(2).is("==");
    boolean existsSuchKey = words.size() == 2 && (first.is("exists") || first.is("missing"));
    return words.size() > 1 && isOperator(words.get(1)) && !versionOfSuchKey && !existsSuchKey;
  }

  private Condition verbCondition() throws SyntaxException {
    Word verb = words.get(0);
    if (verb.is("exists") || verb.is("missing")) {
      requireWords(2, "exists K or missing K");
      Key key = key(1);
      return verb.is("exists") ? new Condition.Exists(key) : new Condition.Missing(key);
    }
    if (verb.is("version")) {
      requireWords(4, "version K == HLC");
      if (!words.get(2).is("==")) {
        throw unexpected(2, "==");
      }
      HybridTimestamp version =
          version(words.get(3).value())
              .orElseThrow(() -> unexpected(3, "a version such as 1700000000000.3"));
      return new Condition.VersionIs(key(1), version);
    }
    if (words.size() == 1) {
      throw error(text.length(), "expected an operator after the key: == != < <= > >=");
    }
    throw unexpected(1, "an operator (== != < <= > >=), as in: " + CONDITIONS);
  }

  private static boolean isOperator(Word word) {
    return word.is("==") || word.is("!=") || numeric(word).isPresent();
  }

  private static Optional<Comparison> numeric(Word word) {
    return word.quoted()
        ? Optional.empty()
        : switch (word.value()) {
          case "<" -> Optional.of(Comparison.LESS);
          case "<=" -> Optional.of(Comparison.LESS_OR_EQUAL);
          case ">" -> Optional.of(Comparison.GREATER);
          case ">=" -> Optional.of(Comparison.GREATER_OR_EQUAL);
          default -> Optional.empty();
        };
  }

  private Condition comparison() throws SyntaxException {
    Key key = key(0);
    Word operator = words.get(1);
    requireWords(3, "K " + operator.value() + (numeric(operator).isPresent() ? " N" : " V"));
    if (operator.is("==")) {
      return new Condition.ValueIs(key, value(2));
    }
    if (operator.is("!=")) {
      return new Condition.ValueIsNot(key, value(2));
    }
    return new Condition.NumberIs(key, numeric(operator).orElseThrow(), number(2));
  }

  private Operation operation() throws SyntaxException {
    if (words.isEmpty()) {
      throw error(0, "expected an operation (" + OPERATIONS + ")");
    }
    Word verb = words.get(0);
    return switch (verb.quoted() ? "" : verb.value()) {
      case "get" -> new Operation.Get(onlyKey("get K"));
      case "delete" -> new Operation.Delete(onlyKey("delete K"));
      case "put" -> {
        requireWords(3, "put K V");
        yield new Operation.Put(key(1), value(2));
      }
      case "append" -> {
        requireWords(3, "append K V");
        yield new Operation.Append(key(1), value(2));
      }
      case "add" -> {
        requireWords(3, "add K N");
        yield new Operation.Add(key(1), number(2), false);
      }
      default -> throw unexpected(0, "an operation (" + OPERATIONS + ")");
    };
  }

  private Key onlyKey(String form) throws SyntaxException {
    requireWords(2, form);
    return key(1);
  }

  private Key key(int index) throws SyntaxException {
    if (words.get(index).value().isEmpty()) {
      throw error(words.get(index).position(), "a key has at least one character");
    }
    return Key.utf8(words.get(index).value());
  }

  private Value value(int index) {
    return Value.utf8(words.get(index).value());
  }

  private long number(int index) throws SyntaxException {
    return value(index)
        .asNumber()
        .orElseThrow(() -> unexpected(index, "a whole number of at most 64 bits"));
  }

  private void requireWords(int count, String form) throws SyntaxException {
    if (words.size() < count) {
      throw error(text.length(), "expected " + form + ", the text ends too early");
    }
    if (words.size() > count) {
      throw error(
          words.get(count).position(),
          "expected the end after "
              + form
              + ", was '"
              + words.get(count).value()
              + "'; quote what holds spaces");
    }
  }

  private SyntaxException unexpected(int index, String expected) {
    return error(
        words.get(index).position(),
        "expected " + expected + ", was '" + words.get(index).value() + "'");
  }

  private SyntaxException error(int position, String problem) {
    return new SyntaxException(text, position, problem);
  }
}
