package dev.ostrakon.node.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The options of a node. Each can stand on the command line and in the YAML file under its name,
 * and in the environment under {@link #environmentName}.
 */
public enum NodeOption {
  ID("this node's name, one of the peers"),
  LISTEN("host:port for clients and peers"),
  DATA("the node's folder, made if it is missing"),
  PEERS("all nodes: n1=host:port,n2=host:port,..."),
  ROUTES("where this node reaches peers, if not at their address in peers; the same form"),
  CLUSTER_ID("names the cluster; default ostrakon"),
  GROUPS("shard groups at the first start; default 3"),
  REPLICAS("nodes that hold each group; default 3, or all nodes if those are fewer"),
  SLOTS("hash buckets of keys, a power of two; default 256"),
  KEY_BYTES_MAX("size of a key; default 1024"),
  VALUE_BYTES_MAX("size of a value; default 1048576"),
  TXN_KEYS_MAX("keys of a transaction; default 1024"),
  TXN_BYTES_MAX("keys and values of a transaction; default 4194304"),
  TXN_OPERATIONS_MAX("conditions and operations of a transaction; default 10000"),
  WINDOW_MILLIS("how long results are remembered; default 600000"),
  HORIZON_MILLIS("how late a transaction may come; default 60000"),
  PENDING_MAX("transactions that may wait in a group; default 100000"),
  ADMIN("host:port of the HTTP endpoint for health, metrics and status; default none"),
  TLS_CERT("certificate chain, PEM"),
  TLS_KEY("private key, PEM"),
  TLS_CA("certificates that are trusted, PEM; default those of the JDK"),
  TLS_CLIENTS("anonymous, or certified: clients and peers must show a certificate of tls-ca"),
  CHECKPOINT_BYTES("changes of a group that make a checkpoint due; default by the heap"),
  OVERLAY_BYTES_MAX("changes of a group at which it waits for a checkpoint; default by the heap"),
  STATE_CACHE_BYTES("cached pages of all states; default by the heap"),
  VALUE_CACHE_BYTES("cached values of each group; default by the heap"),
  LOG_CACHE_BYTES("cached pages of the log; default by the heap"),
  ENTRY_CACHE_BYTES("entries of each group's log in memory; default by the heap"),
  TICK_MILLIS("time between two ticks of a replica; default 50"),
  HEARTBEAT_TICKS("ticks between two heartbeats; default 2"),
  ELECTION_TICKS("ticks without a leader before an election; default 20"),
  LEASES("whether leaders read under a lease: true or false; default true"),
  CLOCK_SKEW_MILLIS_MAX("how far another clock may be ahead; default 500"),
  REQUEST_MILLIS("how long a request waits that does not say; default 5000"),
  HANDOVER_MILLIS("how long stopping waits for leadership to move away; default 5000"),
  EVENT_LOOPS("event loops; default 1"),
  LEADERS("spread over the nodes, or adaptive: together for transactions; default adaptive"),
  SESSION_WINDOW("unanswered requests of one session; default 4096"),
  REQUESTS_MAX("unanswered requests of all clients; default 65536"),
  FRAME_BYTES_MAX("largest message that is taken; default 16777216"),
  SESSIONS_MAX("sessions of clients that may be open; default 10000"),
  HELLO_MILLIS("how long a new session may take to introduce itself; default 5000"),
  CONNECTIONS_MAX("connections that may be open; default 16384, or what file limits allow"),
  CONNECTIONS_PER_ADDRESS_MAX("of these, from one address; default 4096");

  private static final String ENVIRONMENT_PREFIX = "OSTRAKON_";

  private final String help;

  NodeOption(String help) {
    this.help = help;
  }

  /** The name, such as {@code key-bytes-max}. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name in the environment, such as {@code OSTRAKON_KEY_BYTES_MAX}. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + name();
  }

  /** What it means, for people. */
  public String help() {
    return help;
  }

  /** The option of this name, as {@link #optionName} gives it. */
  public static Optional<NodeOption> named(String name) {
    return Arrays.stream(values()).filter(option -> option.optionName().equals(name)).findFirst();
  }
}
