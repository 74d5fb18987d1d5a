package dev.ostrakon.node.settings;

import dev.ostrakon.model.Limits;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.peer.NodeAddress;
import dev.ostrakon.node.tls.TlsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts settings together from the command line, the environment and a YAML file, of which the first
 * that says something counts.
 */
public final class NodeSettingsReader {
  private final Map<NodeOption, OptionValue> options;
  private final long heapBytes;
  private final List<String> violations = new ArrayList<>();

  private NodeSettingsReader(Map<NodeOption, OptionValue> options, long heapBytes) {
    this.options = options;
    this.heapBytes = heapBytes;
  }

  /**
   * Reads and checks the settings. What is not said about memory follows from this process' heap.
   *
   * @param commandLine what was said there
   * @param environment all variables; those of other programs are ignored
   * @param yaml the file; null for none
   * @throws SettingsException with one sentence for each thing that is wrong
   */
  public static NodeSettings read(
      Map<NodeOption, String> commandLine, Map<String, String> environment, @Nullable Path yaml) {
    return read(commandLine, environment, yaml, Runtime.getRuntime().maxMemory());
  }

  /** The same with a heap of this size. */
  static NodeSettings read(
      Map<NodeOption, String> commandLine,
      Map<String, String> environment,
      @Nullable Path yaml,
      long heapBytes) {
    Map<NodeOption, OptionValue> options = new EnumMap<>(NodeOption.class);
    if (yaml != null) {
      options.putAll(YamlOptions.read(yaml));
    }
    for (NodeOption option : NodeOption.values()) {
      String variable = environment.get(option.environmentName());
      if (variable != null) {
        options.put(option, new OptionValue(variable, option.environmentName()));
      }
      String argument = commandLine.get(option);
      if (argument != null) {
        options.put(option, new OptionValue(argument, "--" + option.optionName()));
      }
    }
    return new NodeSettingsReader(options, heapBytes).settings();
  }

  /**
   * The nodes in a text of the form {@code n1=host:port,n2=host:port}.
   *
   * @throws SettingsException if it has another form
   */
  public static SortedMap<NodeId, NodeAddress> parsePeers(String text) {
    SortedMap<NodeId, NodeAddress> peers = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw new SettingsException("expected node=host:port, was '" + part + "'");
      }
      NodeId node = parseNode(part.substring(0, equals).strip());
      if (peers.put(node, parseAddress(part.substring(equals + 1))) != null) {
        throw new SettingsException("node " + node + " is named twice");
      }
    }
    return peers;
  }

  /**
   * The address in a text of the form {@code host:port}; an IPv6 address stands in brackets.
   *
   * @throws SettingsException if it has another form
   */
  public static NodeAddress parseAddress(String text) {
    String address = text.strip();
    int colon = address.lastIndexOf(':');
    try {
      String host = address.substring(0, Math.max(0, colon));
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (!bracketed && host.indexOf(':') >= 0) {
        throw new SettingsException(
            "an IPv6 address stands in brackets, as in [::1]:7101, was '" + text + "'");
      }
      return new NodeAddress(
          bracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(address.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new SettingsException("expected host:port with a port in 1..65535, was '" + text + "'");
    }
  }

  private static NodeId parseNode(String name) {
    try {
      return new NodeId(name);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
  }

  private NodeSettings settings() {
    NodeId id = required(NodeOption.ID, NodeSettingsReader::parseNode);
    SortedMap<NodeId, NodeAddress> peers =
        required(NodeOption.PEERS, NodeSettingsReader::parsePeers);
    Path data = required(NodeOption.DATA, Path::of);
    NodeAddress own = peers == null || id == null ? null : peers.get(id);
    NodeAddress listen = value(NodeOption.LISTEN, NodeSettingsReader::parseAddress, own);
    if (id == null || peers == null || data == null) {
      throw new SettingsException(violations);
    }
    if (listen == null) {
      violations.add("id is one of peers " + peers.keySet() + ", was " + id);
      throw new SettingsException(violations);
    }
    ClusterPlan plan = plan(NodeSettings.of(id, listen, data, peers).plan());
    NodeSettings settings =
        new NodeSettings(
            id,
            listen,
            data,
            peers,
            orElse(NodeOption.ROUTES, NodeSettingsReader::parsePeers, new TreeMap<>()),
            plan,
            value(NodeOption.ADMIN, NodeSettingsReader::parseAddress, null),
            tls(),
            memory(plan.groupsOfNode()),
            timing(),
            serving());
    if (!violations.isEmpty()) {
      throw new SettingsException(violations);
    }
    return settings.validate();
  }

  private ClusterPlan plan(ClusterPlan defaults) {
    return new ClusterPlan(
        orElse(NodeOption.CLUSTER_ID, Function.identity(), defaults.clusterId()),
        defaults.nodes(),
        integer(NodeOption.GROUPS, defaults.groups()),
        integer(NodeOption.REPLICAS, defaults.replicas()),
        integer(NodeOption.SLOTS, defaults.slots()),
        new Limits(
            positive(NodeOption.KEY_BYTES_MAX, defaults.limits().keyBytesMax()),
            positive(NodeOption.VALUE_BYTES_MAX, defaults.limits().valueBytesMax()),
            positive(NodeOption.TXN_KEYS_MAX, defaults.limits().txnKeysMax()),
            positive(NodeOption.TXN_BYTES_MAX, defaults.limits().txnBytesMax()),
            positive(NodeOption.TXN_OPERATIONS_MAX, defaults.limits().txnOperationsMax())),
        number(NodeOption.WINDOW_MILLIS, defaults.windowMillis()),
        number(NodeOption.HORIZON_MILLIS, defaults.horizonMillis()),
        integer(NodeOption.PENDING_MAX, defaults.pendingMax()));
  }

  private TlsSettings tls() {
    return new TlsSettings(
        value(NodeOption.TLS_CERT, Path::of, null),
        value(NodeOption.TLS_KEY, Path::of, null),
        value(NodeOption.TLS_CA, Path::of, null),
        orElse(
            NodeOption.TLS_CLIENTS, NodeSettingsReader::parseClients, TlsSettings.NONE.clients()));
  }

  private static TlsSettings.Clients parseClients(String text) {
    return switch (text) {
      case "anonymous" -> TlsSettings.Clients.ANONYMOUS;
      case "certified" -> TlsSettings.Clients.CERTIFIED;
      default -> throw new SettingsException("expected anonymous or certified, was '" + text + "'");
    };
  }

  private MemorySettings memory(int groups) {
    MemorySettings defaults = MemorySettings.forHeap(heapBytes, Math.max(1, groups));
    long checkpointBytes = number(NodeOption.CHECKPOINT_BYTES, defaults.checkpointBytes());
    return new MemorySettings(
        checkpointBytes,
        number(
            NodeOption.OVERLAY_BYTES_MAX,
            Math.max(2 * checkpointBytes, defaults.overlayBytesMax())),
        number(NodeOption.STATE_CACHE_BYTES, defaults.stateCacheBytes()),
        number(NodeOption.VALUE_CACHE_BYTES, defaults.valueCacheBytes()),
        number(NodeOption.LOG_CACHE_BYTES, defaults.logCacheBytes()),
        integer(NodeOption.ENTRY_CACHE_BYTES, defaults.entryCacheBytes()),
        defaults.requestBytes());
  }

  private TimingSettings timing() {
    TimingSettings defaults = TimingSettings.DEFAULTS;
    return new TimingSettings(
        integer(NodeOption.TICK_MILLIS, defaults.tickMillis()),
        integer(NodeOption.HEARTBEAT_TICKS, defaults.heartbeatTicks()),
        integer(NodeOption.ELECTION_TICKS, defaults.electionTicks()),
        orElse(NodeOption.LEASES, NodeSettingsReader::parseBoolean, defaults.leases()),
        integer(NodeOption.CLOCK_SKEW_MILLIS_MAX, defaults.clockSkewMillisMax()),
        integer(NodeOption.REQUEST_MILLIS, defaults.requestMillis()),
        integer(NodeOption.HANDOVER_MILLIS, defaults.handoverMillis()));
  }

  private ServingSettings serving() {
    ServingSettings defaults = ServingSettings.DEFAULTS;
    return new ServingSettings(
        integer(NodeOption.EVENT_LOOPS, defaults.eventLoops()),
        new ServingSettings.Requests(
            integer(NodeOption.SESSION_WINDOW, defaults.requests().perSessionMax()),
            integer(NodeOption.REQUESTS_MAX, defaults.requests().max())),
        integer(NodeOption.FRAME_BYTES_MAX, defaults.frameBytesMax()),
        new ServingSettings.Sessions(
            integer(NodeOption.SESSIONS_MAX, defaults.sessions().max()),
            integer(NodeOption.HELLO_MILLIS, defaults.sessions().helloMillis())),
        connections(defaults.connections()),
        orElse(NodeOption.LEADERS, NodeSettingsReader::parseLeaders, defaults.leaders()));
  }

  private ServingSettings.Connections connections(ServingSettings.Connections defaults) {
    int max = integer(NodeOption.CONNECTIONS_MAX, defaults.max());
    return new ServingSettings.Connections(
        max,
        integer(NodeOption.CONNECTIONS_PER_ADDRESS_MAX, Math.min(defaults.perAddressMax(), max)));
  }

  private static ServingSettings.Leaders parseLeaders(String text) {
    return switch (text) {
      case "spread" -> ServingSettings.Leaders.SPREAD;
      case "adaptive" -> ServingSettings.Leaders.ADAPTIVE;
      default -> throw new SettingsException("expected spread or adaptive, was '" + text + "'");
    };
  }

  private static Boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new SettingsException("expected true or false, was '" + text + "'");
    };
  }

  private int integer(NodeOption option, int standard) {
    return orElse(option, Integer::parseInt, standard);
  }

  private int positive(NodeOption option, int standard) {
    int value = integer(option, standard);
    if (value < 1) {
      violations.add(option.optionName() + " is positive, was " + value);
      return standard;
    }
    return value;
  }

  private long number(NodeOption option, long standard) {
    return orElse(option, Long::parseLong, standard);
  }

  private <T> @Nullable T required(NodeOption option, Function<String, T> parser) {
    if (!options.containsKey(option)) {
      violations.add(
          option.optionName()
              + " is missing: give --"
              + option.optionName()
              + ", "
              + option.environmentName()
              + ", or "
              + option.optionName()
              + " in the YAML file ("
              + option.help()
              + ")");
      return null;
    }
    return value(option, parser, null);
  }

  private <T> T orElse(NodeOption option, Function<String, T> parser, T standard) {
    T value = value(option, parser, standard);
    return value == null ? standard : value;
  }

  private <T> @Nullable T value(
      NodeOption option, Function<String, T> parser, @Nullable T standard) {
    OptionValue said = options.get(option);
    if (said == null) {
      return standard;
    }
    try {
      return parser.apply(said.text());
    } catch (NumberFormatException e) {
      violations.add(
          said.place()
              + ": "
              + option.optionName()
              + " is a whole number, was '"
              + said.text()
              + "'");
    } catch (IllegalArgumentException | SettingsException e) {
      violations.add(said.place() + ": " + option.optionName() + ": " + e.getMessage());
    }
    return standard;
  }
}
