package dev.ostrakon.cli.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ostrakon.client.Conditions;
import dev.ostrakon.client.Operations;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TxnLanguageTest {

  static Stream<Arguments> conditions() {
    return Stream.of(
        Arguments.of("exists bob", Conditions.exists("bob")),
        Arguments.of("missing  bob ", Conditions.missing("bob")),
        Arguments.of("alice == 5", Conditions.value("alice").is("5")),
        Arguments.of("alice != ''", Conditions.value("alice").isNot("")),
        Arguments.of("alice < -9223372036854775808", lessThan(Long.MIN_VALUE)),
        Arguments.of("alice <= 7", Conditions.value("alice").atMost(7)),
        Arguments.of("alice > 7", Conditions.value("alice").greaterThan(7)),
        Arguments.of("alice >= 7", Conditions.value("alice").atLeast(7)),
        Arguments.of(
            "version alice == 1700000000000.3",
            Conditions.version("alice", new HybridTimestamp(1_700_000_000_000L, 3))),
        Arguments.of("version alice == 0.0", Conditions.version("alice", HybridTimestamp.ZERO)),
        Arguments.of("exists == 1", Conditions.value("exists").is("1")),
        Arguments.of("version == 1", Conditions.value("version").is("1")),
        Arguments.of("exists ==", Conditions.exists("==")),
        Arguments.of("version < == 1.2", Conditions.version("<", new HybridTimestamp(1, 2))),
        Arguments.of("'a key' == \"a \\\"b\\\"\\n\\u00e9\"", keyWithSpace()),
        Arguments.of("a=b == c", Conditions.value("a=b").is("c")),
        Arguments.of("it's == 1", Conditions.value("it's").is("1")));
  }

  private static Condition lessThan(long bound) {
    return Conditions.value("alice").lessThan(bound);
  }

  private static Condition keyWithSpace() {
    return Conditions.value("a key").is("a \"b\"\n\u00e9");
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void conditions_are_read(String text, Condition expected) throws SyntaxException {
    assertThat(TxnLanguage.condition(text)).isEqualTo(expected);
  }

  static Stream<Arguments> operations() {
    return Stream.of(
        Arguments.of("get alice", Operations.get("alice")),
        Arguments.of("put alice ''", Operations.put("alice", "")),
        Arguments.of("put put 'two words'", Operations.put("put", "two words")),
        Arguments.of("append alice \\", Operations.append("alice", "\\")),
        Arguments.of("delete \"get\"", Operations.delete("get")),
        Arguments.of("add alice -100", Operations.add("alice", -100)),
        Arguments.of("\tadd\nalice 100", Operations.add("alice", 100)));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void operations_are_read(String text, Operation expected) throws SyntaxException {
    assertThat(TxnLanguage.operation(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "``|1|expected a condition",
        "alice|6|expected an operator after the key",
        "alice = 5|7|expected an operator",
        "alice '==' 5|7|expected an operator",
        "alice >= abc|10|expected a whole number of at most 64 bits, was 'abc'",
        "alice < 9223372036854775808|9|expected a whole number",
        "alice >=|9|expected K >= N, the text ends too early",
        "alice == a b|12|expected the end after K == V, was 'b'; quote what holds spaces",
        "exists|7|expected exists K or missing K",
        "exists a b|10|expected the end",
        "version a|10|expected version K == HLC",
        "version a = 1.2|11|expected ==",
        "version a == 12|14|expected a version such as 1700000000000.3, was '12'",
        "version a == 1.65536|14|expected a version",
        "'' == 5|1|a key has at least one character",
        "'alice == 5|1|the quote ' is not closed",
        "alice == \"5|10|the quote \" is not closed",
        "'alice'== 5|8|expected a space after the closing quote, was =",
        "alice == \"\\x\"|11|expected one of",
        "alice == \"\\u00g0\"|11|expected four hexadecimal digits"
      })
  void wrong_conditions_are_told_with_their_place(String text, int column, String problem) {
    assertThatExceptionOfType(SyntaxException.class)
        .isThrownBy(() -> TxnLanguage.condition(text))
        .withMessageContaining(problem)
        .withMessageContaining("column " + column + ":")
        .satisfies(e -> assertThat(e.column()).isEqualTo(column))
        .satisfies(e -> assertThat(e.text()).isEqualTo(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|1|expected an operation",
        "take alice|1|expected an operation (get K, put K V",
        "'get' alice|1|expected an operation",
        "get|4|expected get K, the text ends too early",
        "get a b|7|expected the end after get K",
        "put a|6|expected put K V",
        "put a b c|9|expected the end after put K V, was 'c'; quote what holds spaces",
        "add a 1.5|7|expected a whole number of at most 64 bits, was '1.5'",
        "add a +1|7|expected a whole number",
        "delete ''|8|a key has at least one character"
      })
  void wrong_operations_are_told_with_their_place(String text, int column, String problem) {
    assertThatExceptionOfType(SyntaxException.class)
        .isThrownBy(() -> TxnLanguage.operation(text))
        .withMessageContaining(problem)
        .satisfies(e -> assertThat(e.column()).isEqualTo(column));
  }

  @Test
  void whatever_is_quoted_is_read_back_as_it_was() throws SyntaxException {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      String key = "k" + text(random);
      String value = text(random);
      String text = "put " + TxnLanguage.quote(key) + " " + TxnLanguage.quote(value);

      assertThat(TxnLanguage.operation(text)).isEqualTo(Operations.put(key, value));
    }
  }

  /** Short texts of what is likely to be mistaken. */
  private static String text(Random random) {
    String alphabet = "ab \"'\\\n\t\r\u0001\u007f=<>\u00e9\u20ac0-";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void no_text_breaks_the_reader_in_another_way() {
    Random random = new Random(12);
    for (int i = 0; i < 20_000; i++) {
      String text =
          (random.nextBoolean() ? "put " : "version ") + text(random) + " " + text(random);
      try {
        assertThat(TxnLanguage.operation(text).key().bytes().isEmpty()).isFalse();
      } catch (SyntaxException e) {
        assertThat(e.column()).isBetween(1, text.length() + 1);
      }
    }
  }
}
