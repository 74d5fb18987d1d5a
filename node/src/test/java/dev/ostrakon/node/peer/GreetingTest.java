package dev.ostrakon.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.model.NodeId;
import dev.ostrakon.protocol.v1.Hello;
import dev.ostrakon.protocol.v1.Refusal;
import dev.ostrakon.protocol.v1.Welcome;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GreetingTest {

  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private final Greeting one = greeting(N1, N2);
  private final Greeting two = greeting(N2, N1);

  @Test
  void two_nodes_of_a_cluster_accept_each_other() {
    assertThat(two.check(hello().build())).isEmpty();
    assertThat(one.check(two.welcome(5).getWelcome(), N2)).isEmpty();
  }

  @Test
  void another_major_format_is_refused_and_says_both_versions() {
    assertThat(two.check(hello().setWireMajor(3).setWireMinor(7).build()))
        .contains(
            new PeerRefusal(
                PeerRefusal.Reason.WIRE_FORMAT, "wire format expected '2.x', was '3.7'"));
    Welcome newer = two.welcome(5).getWelcome().toBuilder().setWireMajor(3).build();
    assertThat(reason(one.check(newer, N2))).isEqualTo(PeerRefusal.Reason.WIRE_FORMAT);
  }

  @Test
  void a_newer_minor_format_is_accepted() {
    assertThat(two.check(hello().setWireMinor(99).build())).isEmpty();
  }

  @Test
  void the_format_is_looked_at_before_anything_that_it_may_have_changed() {
    Hello strange = Hello.newBuilder().setWireMajor(3).build();
    assertThat(reason(two.check(strange))).isEqualTo(PeerRefusal.Reason.WIRE_FORMAT);
  }

  @Test
  void another_cluster_is_refused() {
    assertThat(reason(two.check(hello().setClusterId("other").build())))
        .isEqualTo(PeerRefusal.Reason.WRONG_CLUSTER);
  }

  @Test
  void a_caller_that_wants_another_node_is_refused() {
    assertThat(reason(two.check(hello().setToNodeId("n3").build())))
        .isEqualTo(PeerRefusal.Reason.WRONG_NODE);
    assertThat(reason(one.check(two.welcome(5).getWelcome(), new NodeId("n3"))))
        .isEqualTo(PeerRefusal.Reason.WRONG_NODE);
  }

  @Test
  void a_stranger_is_refused_and_so_is_one_that_claims_to_be_this_node() {
    assertThat(reason(two.check(hello().setNodeId("n9").build())))
        .isEqualTo(PeerRefusal.Reason.UNKNOWN_NODE);
    assertThat(reason(two.check(hello().setNodeId("").build())))
        .isEqualTo(PeerRefusal.Reason.UNKNOWN_NODE);
    assertThat(reason(two.check(hello().setNodeId("n2").build())))
        .isEqualTo(PeerRefusal.Reason.UNKNOWN_NODE);
  }

  @Test
  void a_disk_without_a_name_is_refused() {
    assertThat(reason(two.check(hello().setDiskId("").build())))
        .isEqualTo(PeerRefusal.Reason.MALFORMED);
    Welcome nameless = two.welcome(5).getWelcome().toBuilder().setDiskId("").build();
    assertThat(reason(one.check(nameless, N2))).isEqualTo(PeerRefusal.Reason.MALFORMED);
  }

  @ParameterizedTest
  @EnumSource(PeerRefusal.Reason.class)
  void every_reason_survives_the_wire(PeerRefusal.Reason reason) {
    PeerRefusal refusal = new PeerRefusal(reason, "why");
    assertThat(Greeting.fromWire(Greeting.refusal(refusal, 5).getRefusal())).isEqualTo(refusal);
  }

  @Test
  void a_reason_of_a_newer_version_counts_as_malformed() {
    Refusal newer = Refusal.newBuilder().setCodeValue(77).setDetail("something new").build();
    assertThat(Greeting.fromWire(newer))
        .isEqualTo(new PeerRefusal(PeerRefusal.Reason.MALFORMED, "something new"));
  }

  private Hello.Builder hello() {
    return one.hello(N2, 5).getHello().toBuilder();
  }

  private static Greeting greeting(NodeId self, NodeId other) {
    return new Greeting(new PeerIdentity("c", self, "disk of " + self), Set.of(other));
  }

  private static PeerRefusal.Reason reason(Optional<PeerRefusal> refusal) {
    return refusal.orElseThrow().reason();
  }
}
