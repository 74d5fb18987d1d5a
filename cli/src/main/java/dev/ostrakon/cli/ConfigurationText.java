package dev.ostrakon.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.model.GroupId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.model.Slot;
import dev.ostrakon.protocol.ClusterView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes configurations, for people and for programs. */
final class ConfigurationText {
  private ConfigurationText() {}

  static String toText(ClusterView view) {
    Configuration configuration = view.configuration();
    StringBuilder text = new StringBuilder();
    text.append("configuration ").append(configuration.number()).append(": ");
    text.append(configuration.owners().size()).append(" slots, ");
    text.append(configuration.groups().size()).append(" groups");
    configuration
        .groups()
        .forEach((group, nodes) -> text.append(System.lineSeparator()).append(line(view, group)));
    return text.toString();
  }

  private static String line(ClusterView view, GroupId group) {
    List<Slot> slots = view.configuration().slotsOf(group);
    String nodes =
        view.configuration().nodesOf(group).stream()
            .map(node -> address(view, node))
            .collect(Collectors.joining(", "));
    return "group "
        + group.number()
        + ": "
        + slots.size()
        + " slots ("
        + ranges(slots)
        + ") on "
        + nodes;
  }

  private static String address(ClusterView view, NodeId node) {
    String address = view.addresses().get(node);
    return address == null ? node.name() : node.name() + "=" + address;
  }

  /** Ascending numbers with runs drawn together, such as {@code 0-3,7}. */
  static String ranges(List<Slot> slots) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < slots.size(); ) {
      int first = slots.get(i).number();
      int last = first;
      while (++i < slots.size() && slots.get(i).number() == last + 1) {
        last++;
      }
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (last > first) {
        text.append('-').append(last);
      }
    }
    return text.toString();
  }

  static void writeTo(JsonGenerator json, ClusterView view) throws IOException {
    json.writeNumberField("number", view.configuration().number());
    json.writeBooleanField("changed", view.changed());
    json.writeArrayFieldStart("slots");
    for (GroupId owner : view.configuration().owners()) {
      json.writeNumber(owner.number());
    }
    json.writeEndArray();
    json.writeObjectFieldStart("groups");
    for (Map.Entry<GroupId, List<NodeId>> group : view.configuration().groups().entrySet()) {
      json.writeArrayFieldStart(Long.toString(group.getKey().number()));
      for (NodeId node : group.getValue()) {
        json.writeString(node.name());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeObjectFieldStart("addresses");
    for (Map.Entry<NodeId, String> address : view.addresses().entrySet()) {
      json.writeStringField(address.getKey().name(), address.getValue());
    }
    json.writeEndObject();
  }
}
