package dev.ostrakon.node.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the options of a YAML file: one mapping of names to scalars, or to a mapping of nodes. */
final class YamlOptions {
  private final Path file;

  private YamlOptions(Path file) {
    this.file = file;
  }

  /**
   * The options in the file with their values as text.
   *
   * @throws SettingsException with file, line and what is allowed there
   */
  static Map<NodeOption, OptionValue> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      LoadSettings settings =
          LoadSettings.builder().setLabel(file.toString()).setAllowDuplicateKeys(true).build();
      Optional<Node> root = new Compose(settings).composeReader(reader);
      return root.isPresent() ? new YamlOptions(file).options(root.get()) : Map.of();
    } catch (NoSuchFileException e) {
      throw new SettingsException("there is no file " + file);
    } catch (IOException e) {
      throw new SettingsException("the file " + file + " cannot be read: " + e);
    } catch (YamlEngineException e) {
      throw new SettingsException(file + " is not YAML: " + oneLine(e));
    }
  }

  private Map<NodeOption, OptionValue> options(Node root) {
    Map<NodeOption, OptionValue> options = new EnumMap<>(NodeOption.class);
    for (NodeTuple entry : mapping(root, "a mapping of options")) {
      String name = scalar(entry.getKeyNode(), "the name of an option");
      NodeOption option =
          NodeOption.named(name)
              .orElseThrow(
                  () ->
                      error(
                          entry.getKeyNode(),
                          "unknown option " + name + ", allowed are " + allowed()));
      OptionValue value = new OptionValue(text(option, entry), place(entry.getValueNode()));
      if (options.put(option, value) != null) {
        throw error(entry.getKeyNode(), "option " + name + " stands there twice");
      }
    }
    return options;
  }

  private String text(NodeOption option, NodeTuple entry) {
    Node value = entry.getValueNode();
    boolean namesNodes = option == NodeOption.PEERS || option == NodeOption.ROUTES;
    return namesNodes && value instanceof MappingNode
        ? addresses(option, value)
        : scalar(value, "a single value for " + option.optionName());
  }

  private String addresses(NodeOption option, Node value) {
    List<String> parts = new ArrayList<>();
    for (NodeTuple entry : mapping(value, "nodes and their addresses")) {
      String node = scalar(entry.getKeyNode(), "the name of a node");
      String address =
          scalar(entry.getValueNode(), "the address of a node of " + option.optionName());
      parts.add(node + "=" + address);
    }
    return String.join(",", parts);
  }

  private List<NodeTuple> mapping(Node node, String expected) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    throw error(node, "expected " + expected + ", was " + describe(node));
  }

  private String scalar(Node node, String expected) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(node, "expected " + expected + ", was " + describe(node));
  }

  private static String describe(Node node) {
    return switch (node.getNodeType()) {
      case MAPPING -> "a mapping";
      case SEQUENCE -> "a list";
      case SCALAR -> "a single value";
      case ANCHOR -> "an alias";
    };
  }

  private static String allowed() {
    return Arrays.stream(NodeOption.values())
        .map(NodeOption::optionName)
        .collect(Collectors.joining(", "));
  }

  private SettingsException error(Node node, String what) {
    return new SettingsException(place(node) + ": " + what);
  }

  private String place(Node node) {
    return file + node.getStartMark().map(mark -> " line " + (mark.getLine() + 1)).orElse("");
  }

  private static String oneLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
