package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ostrakon.cli.language.SyntaxException;
import dev.ostrakon.cli.language.TxnLanguage;
import dev.ostrakon.client.TxnResult;
import dev.ostrakon.model.Condition;
import dev.ostrakon.model.Operation;
import dev.ostrakon.model.OperationResult;
import dev.ostrakon.model.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Carries out one transaction over any keys. */
@Command(
    name = "txn",
    description = {
      "Carries out one transaction over any keys: if all conditions hold, the operations of --then,"
          + " else those of --else, all at once.",
      "",
      "Conditions: " + TxnLanguage.CONDITIONS + ".",
      "Operations: " + TxnLanguage.OPERATIONS + ".",
      "Quote words that hold spaces, with ' (all literal) or \" (with \\\" \\\\ \\n \\uHHHH).",
      "Each value is followed by its version, as a condition that can be pasted into --if. The exit"
          + " code is 3 if the conditions did not hold."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ostrakon txn --if 'alice >= 100' --if 'exists bob' \\",
      "    --then 'add alice -100' --then 'add bob 100' --else 'get alice'",
      "  ostrakon txn --then 'put \"full name\" \"Ada Lovelace\"'",
      "  ostrakon txn --if 'version alice == 1700000000000.3' --then 'delete alice'",
      "  ostrakon txn transfer.json",
      "  echo '{\"if\": [\"missing a\"], \"then\": [\"put a 1\"]}' | ostrakon txn -"
    })
final class TxnCommand extends ClusterCall {
  private static final String STANDARD_INPUT = "-";

  @Option(names = "--if", paramLabel = "CONDITION", description = "All of them must hold.")
  private List<String> conditions = List.of();

  @Option(names = "--then", paramLabel = "OPERATION", description = "Steps if they hold.")
  private List<String> then = List.of();

  @Option(names = "--else", paramLabel = "OPERATION", description = "Steps if they do not.")
  private List<String> otherwise = List.of();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "JSON with lists of strings: if, then, else; - for standard input.")
  private @Nullable String file;

  @Override
  public Integer call() throws CommandFailedException {
    Transaction transaction = transaction();
    TxnResult result = call(client -> client.execute(transaction));
    List<Operation> ran = result.conditionsHeld() ? transaction.then() : transaction.otherwise();
    print(toText(ran, result), line -> writeTo(line, ran, result));
    return result.conditionsHeld() ? Main.OK : Main.ABSENT;
  }

  private Transaction transaction() throws CommandFailedException {
    String given = file;
    boolean byOptions = !conditions.isEmpty() || !then.isEmpty() || !otherwise.isEmpty();
    if (given != null && byOptions) {
      throw usage("FILE excludes --if, --then and --else.");
    }
    if (given != null) {
      return parse(read(given));
    }
    if (then.isEmpty() && otherwise.isEmpty()) {
      throw usage("Nothing to do: give --then 'OPERATION', or a FILE, or - for standard input.");
    }
    return parse(new TxnFile(conditions, then, otherwise));
  }

  private TxnFile read(String given) throws CommandFailedException {
    try {
      String text =
          given.equals(STANDARD_INPUT) ? standardInput() : Files.readString(Path.of(given));
      return TxnFile.parse(text);
    } catch (TxnFile.MalformedException e) {
      throw usage((given.equals(STANDARD_INPUT) ? "Standard input" : given) + e.getMessage());
    } catch (IOException e) {
      throw new CommandFailedException(
          Main.USAGE, "The file " + given + " cannot be read: " + e + ".", e);
    }
  }

  private String standardInput() throws IOException {
    byte[] bytes =
        new LiveLine(err())
            .<byte[], IOException>during(
                "txn: reading JSON from standard input", System.in::readAllBytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Transaction parse(TxnFile texts) {
    List<Condition> parsedConditions = new ArrayList<>();
    List<Operation> parsedThen = new ArrayList<>();
    List<Operation> parsedOtherwise = new ArrayList<>();
    parse("if", texts.conditions(), parsedConditions, TxnLanguage::condition);
    parse("then", texts.then(), parsedThen, TxnLanguage::operation);
    parse("else", texts.otherwise(), parsedOtherwise, TxnLanguage::operation);
    return new Transaction(parsedConditions, parsedThen, parsedOtherwise);
  }

  /** Reads a text of the language. */
  private interface Parser<T> {
    T parse(String text) throws SyntaxException;
  }

  private <T> void parse(String part, List<String> texts, List<T> into, Parser<T> parser) {
    for (String text : texts) {
      try {
        into.add(parser.parse(text));
      } catch (SyntaxException e) {
        throw usage((file == null ? "--" : "") + part + " " + e.getMessage() + ".");
      }
    }
  }

  private static String toText(List<Operation> ran, TxnResult result) {
    StringBuilder text = new StringBuilder();
    text.append(result.conditionsHeld() ? "then" : "else").append(" at ");
    text.append(result.timestamp());
    for (int i = 0; i < ran.size(); i++) {
      if (result.results().get(i) instanceof OperationResult.Present present) {
        text.append(System.lineSeparator()).append(quotedKey(ran.get(i))).append(" = ");
        text.append(Printable.ofCell(present.value().bytes()));
        text.append(System.lineSeparator()).append("    version ").append(quotedKey(ran.get(i)));
        text.append(" == ").append(present.version());
      } else if (result.results().get(i) instanceof OperationResult.Absent) {
        text.append(System.lineSeparator()).append(quotedKey(ran.get(i))).append(" is missing");
      }
    }
    return text.toString();
  }

  private static String quotedKey(Operation operation) {
    return TxnLanguage.quote(operation.key().bytes().toUtf8());
  }

  private static void writeTo(JsonGenerator json, List<Operation> ran, TxnResult result)
      throws IOException {
    json.writeStringField("branch", result.conditionsHeld() ? "then" : "else");
    json.writeStringField("timestamp", result.timestamp().toString());
    json.writeArrayFieldStart("results");
    for (int i = 0; i < ran.size(); i++) {
      json.writeStartObject();
      json.writeStringField("op", ran.get(i).kind().name().toLowerCase(Locale.ROOT));
      JsonLine.writeBytes(json, "key", ran.get(i).key().bytes());
      if (result.results().get(i) instanceof OperationResult.Present present) {
        JsonLine.writeBytes(json, "value", present.value().bytes());
        json.writeStringField("version", present.version().toString());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
