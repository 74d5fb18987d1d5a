package dev.ostrakon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.v1.Configuration;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.GroupNodes;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import dev.ostrakon.protocol.v1.StatusResponse;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sessions' greetings, the shard controller's calls, and the status of nodes. */
final class ControlCodecTest {
  private static final HybridTimestamp NOW = new HybridTimestamp(1000, 1);
  private static final RequestHeader HEADER = RequestHeader.newBuilder().setSequence(3).build();

  @Property(tries = 300)
  void a_configuration_survives_the_round_trip(@ForAll long seed) throws Exception {
    Samples samples = new Samples(seed);
    SortedMap<NodeId, String> addresses = new TreeMap<>(Map.of(samples.node(), "host:1"));
    ClusterView view = new ClusterView(samples.configuration(), addresses, seed % 2 == 0);

    byte[] wire = ShardsCodec.encode(view, NOW).toByteArray();

    assertThat(ShardsCodec.decode(ConfigurationResponse.parseFrom(wire))).isEqualTo(view);
  }

  @Property(tries = 100)
  void calls_of_the_controller_survive_the_round_trip(@ForAll long seed) throws Exception {
    Samples samples = new Samples(seed);
    ShardsCall.Join join = new ShardsCall.Join(samples.groups());
    ShardsCall.Leave leave = new ShardsCall.Leave(new TreeSet<>(samples.groups().keySet()));
    ShardsCall.Move move = new ShardsCall.Move(samples.slot(), samples.group());
    ShardsCall.Query query = new ShardsCall.Query(seed >>> 1, seed % 2 == 0);

    assertThat(ShardsCodec.decode(ShardsCodec.encode(HEADER, join))).isEqualTo(join);
    assertThat(ShardsCodec.decode(ShardsCodec.encode(HEADER, leave))).isEqualTo(leave);
    assertThat(ShardsCodec.decode(ShardsCodec.encode(HEADER, move))).isEqualTo(move);
    assertThat(ShardsCodec.decode(ShardsCodec.encode(HEADER, query))).isEqualTo(query);
  }

  @Test
  void calls_carry_their_header() {
    ShardsCall.Move move = new ShardsCall.Move(new Slot(1), new GroupId(2));

    assertThat(ShardsCodec.encode(HEADER, move).getHeader()).isEqualTo(HEADER);
  }

  @Test
  void the_latest_configuration_is_asked_for_with_minus_one() throws Exception {
    assertThat(ShardsCodec.decode(QueryRequest.newBuilder().setNumber(-1).build()).number())
        .isEqualTo(ShardsCall.LATEST);
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ShardsCodec.decode(QueryRequest.newBuilder().setNumber(-2).build()))
        .withMessageContaining("was -2");
  }

  @Test
  void a_configuration_that_cannot_be_is_malformed() {
    assertMalformed(Configuration.newBuilder().addOwners(7), "owner g7");
    assertMalformed(
        Configuration.newBuilder().addOwners(0).addOwners(0).addOwners(0), "power of two");
    assertMalformed(Configuration.newBuilder().addOwners(0).setNumber(-1), "number");
    assertMalformed(
        Configuration.newBuilder()
            .addOwners(1)
            .addGroups(GroupNodes.newBuilder().setGroup(1))
            .addGroups(GroupNodes.newBuilder().setGroup(1)),
        "twice");
    assertMalformed(
        Configuration.newBuilder()
            .addOwners(1)
            .addGroups(GroupNodes.newBuilder().setGroup(1).addNodeIds("no spaces")),
        "no spaces");
  }

  @Test
  void a_failed_call_says_why_in_its_header() throws Exception {
    ServiceError error = new ServiceError(ErrorCode.GROUP_EXISTS, "group 2 is there already");

    assertThat(HeaderCodec.error(ShardsCodec.encode(error, NOW).getHeader())).contains(error);
  }

  @Property(tries = 200)
  void a_status_survives_the_round_trip(@ForAll long seed) throws Exception {
    NodeStatus status = new Samples(seed).nodeStatus();

    byte[] wire = StatusCodec.encode(status, NOW).toByteArray();

    assertThat(StatusCodec.decode(StatusResponse.parseFrom(wire))).isEqualTo(status);
  }

  @Test
  void a_status_without_a_node_is_malformed() {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> StatusCodec.decode(StatusResponse.getDefaultInstance()))
        .withMessageContaining("status: a node's name");
  }

  @Test
  void greetings_survive_the_round_trip() throws Exception {
    SessionHello hello = SessionHello.of("cluster", new ClientId(1, 2));
    SessionWelcome accepted =
        new SessionWelcome.Accepted(1, 0, "cluster", new NodeId("n1"), 512, 1 << 20);
    SessionWelcome rejected =
        new SessionWelcome.Rejected(new ServiceError(ErrorCode.WRONG_CLUSTER, "other"));

    assertThat(SessionCodec.decode(SessionCodec.encode(hello))).isEqualTo(hello);
    assertThat(SessionCodec.decode(SessionCodec.encode(accepted))).isEqualTo(accepted);
    assertThat(SessionCodec.decode(SessionCodec.encode(rejected))).isEqualTo(rejected);
  }

  @Test
  void a_welcome_that_lets_nothing_through_is_malformed() {
    dev.ostrakon.protocol.v1.SessionWelcome wire =
        dev.ostrakon.protocol.v1.SessionWelcome.newBuilder().setNodeId("n1").build();

    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> SessionCodec.decode(wire))
        .withMessageContaining("welcome: window");
  }

  private static void assertMalformed(Configuration.Builder wire, String expected) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ShardsCodec.decode(wire.build()))
        .withMessageContaining(expected);
  }
}
