package dev.ostrakon.protocol;

import dev.ostrakon.hlc.HybridTimestamp;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.v1.ConfigurationResponse;
import dev.ostrakon.protocol.v1.GroupNodes;
import dev.ostrakon.protocol.v1.JoinRequest;
import dev.ostrakon.protocol.v1.LeaveRequest;
import dev.ostrakon.protocol.v1.MoveRequest;
import dev.ostrakon.protocol.v1.NodeAddress;
import dev.ostrakon.protocol.v1.QueryRequest;
import dev.ostrakon.protocol.v1.RequestHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The calls and answers of the {@code Shards} service. */
public final class ShardsCodec {
  private ShardsCodec() {}

  /** The wire form of a query. */
  public static QueryRequest encode(RequestHeader header, ShardsCall.Query call) {
    return QueryRequest.newBuilder()
        .setHeader(header)
        .setNumber(call.number())
        .setMayBeStale(call.mayBeStale())
        .build();
  }

  /** The query of a wire form. */
  public static ShardsCall.Query decode(QueryRequest wire) throws MalformedMessageException {
    try {
      return new ShardsCall.Query(wire.getNumber(), wire.getMayBeStale());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("query", e);
    }
  }

  /** The wire form of a join. */
  public static JoinRequest encode(RequestHeader header, ShardsCall.Join call) {
    return JoinRequest.newBuilder()
        .setHeader(header)
        .addAllGroups(encodeGroups(call.groups()))
        .build();
  }

  /** The join of a wire form. */
  public static ShardsCall.Join decode(JoinRequest wire) throws MalformedMessageException {
    return new ShardsCall.Join(decodeGroups(wire.getGroupsList()));
  }

  /** The wire form of a leave. */
  public static LeaveRequest encode(RequestHeader header, ShardsCall.Leave call) {
    LeaveRequest.Builder wire = LeaveRequest.newBuilder().setHeader(header);
    call.groups().forEach(group -> wire.addGroups(group.number()));
    return wire.build();
  }

  /** The leave of a wire form. */
  public static ShardsCall.Leave decode(LeaveRequest wire) throws MalformedMessageException {
    SortedSet<GroupId> groups = new TreeSet<>();
    for (long number : wire.getGroupsList()) {
      groups.add(decodeGroup(number));
    }
    return new ShardsCall.Leave(groups);
  }

  /** The wire form of a move. */
  public static MoveRequest encode(RequestHeader header, ShardsCall.Move call) {
    return MoveRequest.newBuilder()
        .setHeader(header)
        .setSlot(call.slot().number())
        .setGroup(call.group().number())
        .build();
  }

  /** The move of a wire form. */
  public static ShardsCall.Move decode(MoveRequest wire) throws MalformedMessageException {
    return new ShardsCall.Move(
        new Slot(Numbers.notNegative("slot", wire.getSlot())), decodeGroup(wire.getGroup()));
  }

  /** The wire form of an answer. */
  public static ConfigurationResponse encode(ClusterView view, HybridTimestamp now) {
    ConfigurationResponse.Builder wire =
        ConfigurationResponse.newBuilder()
            .setHeader(HeaderCodec.answered(now))
            .setConfiguration(encode(view.configuration()))
            .setChanged(view.changed());
    view.addresses()
        .forEach(
            (node, address) ->
                wire.addNodes(NodeAddress.newBuilder().setNodeId(node.name()).setAddress(address)));
    return wire.build();
  }

  /** The wire form of an answer that says why there is none. */
  public static ConfigurationResponse encode(ServiceError error, HybridTimestamp now) {
    return ConfigurationResponse.newBuilder().setHeader(HeaderCodec.failed(now, error)).build();
  }

  /** The view of an answer whose header has no error. */
  public static ClusterView decode(ConfigurationResponse wire) throws MalformedMessageException {
    SortedMap<NodeId, String> addresses = new TreeMap<>();
    for (NodeAddress node : wire.getNodesList()) {
      addresses.put(decodeNode(node.getNodeId()), node.getAddress());
    }
    return new ClusterView(decode(wire.getConfiguration()), addresses, wire.getChanged());
  }

  /** The wire form of a configuration. */
  public static dev.ostrakon.protocol.v1.Configuration encode(Configuration configuration) {
    dev.ostrakon.protocol.v1.Configuration.Builder wire =
        dev.ostrakon.protocol.v1.Configuration.newBuilder().setNumber(configuration.number());
    configuration.owners().forEach(owner -> wire.addOwners(owner.number()));
    return wire.addAllGroups(encodeGroups(configuration.groups())).build();
  }

  /** The configuration of a wire form. */
  public static Configuration decode(dev.ostrakon.protocol.v1.Configuration wire)
      throws MalformedMessageException {
    List<GroupId> owners = new ArrayList<>(wire.getOwnersCount());
    for (long owner : wire.getOwnersList()) {
      owners.add(decodeGroup(owner));
    }
    try {
      Configuration configuration =
          new Configuration(
              Numbers.notNegative("number", wire.getNumber()),
              owners,
              decodeGroups(wire.getGroupsList()));
      configuration.slots(); // A power of two, or it is refused here.
      return configuration;
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("configuration", e);
    }
  }

  private static List<GroupNodes> encodeGroups(SortedMap<GroupId, List<NodeId>> groups) {
    List<GroupNodes> wire = new ArrayList<>(groups.size());
    groups.forEach(
        (group, nodes) ->
            wire.add(
                GroupNodes.newBuilder()
                    .setGroup(group.number())
                    .addAllNodeIds(nodes.stream().map(NodeId::name).toList())
                    .build()));
    return wire;
  }

  private static SortedMap<GroupId, List<NodeId>> decodeGroups(List<GroupNodes> wire)
      throws MalformedMessageException {
    SortedMap<GroupId, List<NodeId>> groups = new TreeMap<>();
    for (GroupNodes group : wire) {
      List<NodeId> nodes = new ArrayList<>(group.getNodeIdsCount());
      for (String name : group.getNodeIdsList()) {
        nodes.add(decodeNode(name));
      }
      if (groups.put(decodeGroup(group.getGroup()), nodes) != null) {
        throw new MalformedMessageException("group " + group.getGroup() + " is named twice");
      }
    }
    return groups;
  }

  private static GroupId decodeGroup(long number) throws MalformedMessageException {
    return new GroupId(Numbers.notNegative("group", number));
  }

  private static NodeId decodeNode(String name) throws MalformedMessageException {
    try {
      return new NodeId(name);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("node", e);
    }
  }
}
