package dev.ostrakon.controller;

import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerCommand.Join;
import dev.ostrakon.controller.ControllerCommand.Leave;
import dev.ostrakon.controller.ControllerCommand.Move;
import dev.ostrakon.controller.ControllerCommand.PermitMovement;
import dev.ostrakon.controller.ControllerCommand.Rebalance;
import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.RequestId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.model.Slots;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random commands. */
final class CommandArbitraries {
  private CommandArbitraries() {}

  /** Commands that mostly make sense for up to 12 groups and 16 slots, and sometimes do not. */
  static Arbitrary<ControllerCommand> reconfigurations() {
    Arbitrary<GroupId> group = Arbitraries.longs().between(1, 12).map(GroupId::new);
    Arbitrary<ControllerCommand> join = Arbitraries.maps(group, nodes()).ofMaxSize(4).map(Join::of);
    Arbitrary<ControllerCommand> leave = group.set().ofMaxSize(3).map(Leave::of);
    Arbitrary<ControllerCommand> move =
        Combinators.combine(Arbitraries.integers().between(0, 16).map(Slot::new), group)
            .as(Move::new);
    return Arbitraries.frequencyOf(
        Tuple.of(4, join),
        Tuple.of(3, leave),
        Tuple.of(4, move),
        Tuple.of(1, Arbitraries.create(Rebalance::new)));
  }

  /** Any command that can be written down. */
  static Arbitrary<ControllerCommand> commands() {
    Arbitrary<GroupId> group = Arbitraries.longs().greaterOrEqual(0).map(GroupId::new);
    Arbitrary<List<NodeId>> nodes = node().list().ofMaxSize(4);
    return Arbitraries.oneOf(
        rules().map(Found::new),
        Arbitraries.maps(group, nodes).ofMaxSize(4).map(Join::of),
        group.set().ofMaxSize(4).map(Leave::of),
        Combinators.combine(Arbitraries.integers().greaterOrEqual(0).map(Slot::new), group)
            .as(Move::new),
        Arbitraries.create(Rebalance::new),
        Arbitraries.of(MovementPolicy.values()).map(PermitMovement::new));
  }

  static Arbitrary<ControllerEntry> entries() {
    Arbitrary<HybridTimestamp> timestamp = Arbitraries.longs().map(HybridTimestamp::fromPacked);
    Arbitrary<ClientId> client =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(ClientId::new);
    Arbitrary<Long> sequence = Arbitraries.longs().greaterOrEqual(1);
    return Combinators.combine(timestamp, timestamp, client, sequence, commands())
        .flatAs(
            (now, issuedAt, owner, number, command) ->
                Arbitraries.longs()
                    .between(0, number - 1)
                    .map(
                        acknowledged ->
                            new ControllerEntry(
                                now,
                                new ControllerRequest(
                                    new RequestId(owner, number),
                                    issuedAt,
                                    acknowledged,
                                    command))));
  }

  static Arbitrary<ControllerRules> rules() {
    Arbitrary<Integer> bound = Arbitraries.integers().greaterOrEqual(1);
    return Combinators.combine(
            Arbitraries.integers().between(0, 16).map(power -> new Slots(1 << power)),
            Arbitraries.of(MovementPolicy.values()),
            Arbitraries.longs().greaterOrEqual(1),
            bound,
            bound,
            bound)
        .as(ControllerRules::new);
  }

  private static Arbitrary<List<NodeId>> nodes() {
    return node().list().ofMinSize(1).ofMaxSize(3).uniqueElements();
  }

  private static Arbitrary<NodeId> node() {
    return Arbitraries.strings()
        .withChars("abcXYZ019._-")
        .ofMinLength(1)
        .ofMaxLength(63)
        .map(NodeId::new);
  }
}
