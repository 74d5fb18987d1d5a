package dev.ostrakon.controller;

import dev.ostrakon.model.Slots;

/** The format of rules, the same in the log and in the state; see {@link EntryCodec}. */
final class RulesFormat {
  private RulesFormat() {}

  static ByteWriter write(ByteWriter out, ControllerRules rules) {
    return out.varint(rules.slots().count())
        .octet(rules.movement().code())
        .varint(rules.windowMillis())
        .varint(rules.finishedRequestsMax())
        .varint(rules.groupsMax())
        .varint(rules.nodesPerGroupMax());
  }

  static ControllerRules read(ByteReader in) {
    Slots slots = readSlots(in);
    MovementPolicy movement = readPolicy(in);
    long windowMillis = in.varint();
    int finishedRequestsMax = in.smallVarint();
    int groupsMax = in.smallVarint();
    return new ControllerRules(
        slots, movement, windowMillis, finishedRequestsMax, groupsMax, in.smallVarint());
  }

  static Slots readSlots(ByteReader in) {
    return new Slots(in.smallVarint());
  }

  static MovementPolicy readPolicy(ByteReader in) {
    int code = in.octet();
    for (MovementPolicy policy : MovementPolicy.values()) {
      if (policy.code() == code) {
        return policy;
      }
    }
    throw ByteReader.malformed("a movement policy is 1 or 2, was " + code);
  }
}
