package dev.ostrakon.simulation.workload;

import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.EntryKind;
import dev.ostrakon.raft.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the committed log of one group makes of its registers, entry by entry: the yardstick for
 * what clients are told.
 */
final class RegisterModel {

  /** Where a command is and what it came to. */
  record Placed(long index, CommandResult result) {}

  private static final class Register {
    final List<Long> ids = new ArrayList<>();

    /** Hash of the list at each version. */
    final List<Integer> hashes = new ArrayList<>(List.of(hashOf(List.of())));
  }

  private final Map<Integer, Register> registers = new TreeMap<>();
  private final Map<Long, Placed> placed = new HashMap<>();
  private long chain;

  /** Takes the next committed entry; returns whether its command was there before. */
  boolean add(LogEntry entry) {
    if (entry.kind() != EntryKind.COMMAND) {
      return false;
    }
    Command command = Command.decode(entry.payload());
    Register register = registers.computeIfAbsent(command.register(), ignored -> new Register());
    switch (command.kind()) {
      case APPEND -> register.ids.add(command.id());
      case PUT -> {
        register.ids.clear();
        register.ids.add(command.id());
      }
      case DELETE -> register.ids.clear();
    }
    register.hashes.add(hashOf(register.ids));
    chain = RegisterMachine.chainAfter(chain, command.id());
    long version = register.hashes.size() - 1L;
    Placed here = new Placed(entry.index(), new CommandResult(version, chain));
    return placed.put(command.id(), here) != null;
  }

  /** Where the command with this id was committed. */
  Optional<Placed> find(long id) {
    return Optional.ofNullable(placed.get(id));
  }

  /** Whether the register ever had this value at this version. */
  boolean had(int register, RegisterValue value) {
    Register known = registers.get(register);
    if (known == null) {
      return value.version() == 0 && value.ids().isEmpty();
    }
    return value.version() >= 0
        && value.version() < known.hashes.size()
        && known.hashes.get((int) value.version()) == hashOf(decode(value.ids()));
  }

  private static List<Long> decode(Bytes ids) {
    ByteBuffer buffer = ByteBuffer.wrap(ids.sharedArray());
    List<Long> list = new ArrayList<>();
    while (buffer.remaining() >= Long.BYTES) {
      list.add(buffer.getLong());
    }
    return list;
  }

  private static int hashOf(List<Long> ids) {
    return ids.hashCode();
  }
}
