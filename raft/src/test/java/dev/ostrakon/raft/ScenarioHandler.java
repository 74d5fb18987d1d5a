package dev.ostrakon.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Carries out the commands of scenario files. Replicas are numbered from 1; a list of them is
 * written {@code 1,2} or {@code all}. Everything that happens meanwhile is the command's output.
 *
 * <pre>
 * group 3                  a new group of three voters; always the first command
 * group 3 learners=1       three voters and a learner, which is replica 4
 * group 3 tiny             with limits so small that a few entries reach them; no leases
 * group 3 nolease          without leases
 * preset 2 term=3 1@1 2@1  a log that is on the disk of replica 2 from the start
 * silent ...               does the rest of the line without output
 * tick 1,2 5               five ticks pass; 1 and 2 notice them
 * pass 5                   the time of five ticks passes and nobody notices
 * campaign 1               ticks 1 until it campaigns
 * elect 1                  makes everybody patient and lets 1 win an election
 * stabilize                delivers messages and syncs disks until all is quiet
 * deliver 1 2              delivers what is on its way from 1 to 2
 * deliver 1 2 1            only the first message
 * drop 1 2                 loses what is on its way from 1 to 2
 * hold 1 2                 keeps it back ...
 * release                  ... and puts it on its way again
 * cut 1 2                  cuts the link between 1 and 2 in both directions
 * heal                     mends all links
 * disk 1 slow              1's disk syncs only at "sync 1" from now on
 * disk 1 fast              it syncs at once, as at the beginning
 * sync 1                   the oldest write on 1's disk becomes durable
 * propose 1 a b            proposes the commands a and b at 1, together
 * read 1 7                 asks 1 for a read index; 7 names the outcome
 * transfer 1 2             1 is to hand leadership over to 2
 * checkpoint 1             1's state becomes durable and its log is compacted
 * crash 1                  1 loses what is not durable
 * restart 1                1 comes back
 * status                   a line for every running replica
 * log 1                    the entries in 1's log
 * </pre>
 */
final class ScenarioHandler {

  private ScriptedGroup group = ScriptedGroup.ofVoters(1);
  private final List<ScriptedGroup.InTransit> held = new ArrayList<>();

  /** Carries out one command and returns its output. */
  List<String> run(String line) {
    List<String> words = List.of(line.trim().split("\\s+", -1));
    if (words.get(0).equals("silent")) {
      run(line.trim().substring("silent".length()));
      return List.of();
    }
    List<String> output = new ArrayList<>(runCommand(words));
    List<String> happened = group.takeTranscript();
    happened.forEach(entry -> output.add(entry));
    return output;
  }

  private List<String> runCommand(List<String> words) {
    String command = words.get(0);
    switch (command) {
      case "group" -> newGroup(words);
      case "preset" -> preset(words);
      case "tick" -> tick(words);
      case "pass" -> group.pass(number(words, 1));
      case "campaign" -> group.campaign(number(words, 1));
      case "elect" -> group.elect(number(words, 1));
      case "stabilize" -> group.stabilize();
      case "deliver" -> deliver(words);
      case "drop" -> group.take(number(words, 1), number(words, 2));
      case "hold" -> held.addAll(group.take(number(words, 1), number(words, 2)));
      case "release" -> release();
      case "cut" -> group.cut(number(words, 1), number(words, 2));
      case "heal" -> group.heal();
      case "disk" -> setDisk(words);
      case "sync" -> group.replica(number(words, 1)).persistNext();
      case "propose" ->
          group.propose(number(words, 1), words.subList(2, words.size()).toArray(new String[0]));
      case "read" -> group.read(number(words, 1), number(words, 2));
      case "transfer" ->
          group.replica(number(words, 1)).transferTo(new ReplicaId(number(words, 2)));
      case "checkpoint" -> group.replica(number(words, 1)).checkpoint();
      case "crash" -> group.crash(number(words, 1));
      case "restart" -> group.restart(number(words, 1));
      case "status" -> {
        return status();
      }
      case "log" -> {
        return List.of(log(group.replica(number(words, 1))));
      }
      default -> throw new IllegalArgumentException("unknown command: " + command);
    }
    return List.of();
  }

  private void newGroup(List<String> words) {
    SortedSet<ReplicaId> voters = new TreeSet<>();
    SortedSet<ReplicaId> learners = new TreeSet<>();
    RaftConfig config = TestConfigs.standard();
    for (long i = 1; i <= number(words, 1); i++) {
      voters.add(new ReplicaId(i));
    }
    for (String option : words.subList(2, words.size())) {
      switch (option) {
        case "tiny" -> config = TestConfigs.tiny();
        case "nolease" -> config = TestConfigs.withoutLease();
        case "learners=1" -> learners.add(new ReplicaId(voters.size() + 1L));
        default -> throw new IllegalArgumentException("unknown option: " + option);
      }
    }
    Membership membership = new Membership(voters, new TreeSet<>(), learners);
    group = new ScriptedGroup(membership, config, RaftRules.STANDARD);
  }

  private void preset(List<String> words) {
    List<LogEntry> entries = new ArrayList<>();
    for (String word : words.subList(3, words.size())) {
      String[] parts = word.split("@", 2);
      long index = Long.parseLong(parts[0]);
      long term = Long.parseLong(parts[1]);
      entries.add(new LogEntry(index, term, EntryKind.COMMAND, Bytes.utf8(word)));
    }
    long term = Long.parseLong(words.get(2).substring("term=".length()));
    group.preset(number(words, 1), term, entries);
  }

  private void tick(List<String> words) {
    List<TestReplica> ticking = new ArrayList<>();
    if (words.get(1).equals("all")) {
      ticking.addAll(group.running());
    } else {
      for (String id : words.get(1).split(",", -1)) {
        ticking.add(group.replica(Long.parseLong(id)));
      }
    }
    for (long i = 0; i < number(words, 2); i++) {
      group.tick(ticking);
    }
  }

  private void deliver(List<String> words) {
    int count = words.size() > 3 ? (int) number(words, 3) : Integer.MAX_VALUE;
    group.deliver(number(words, 1), number(words, 2), count);
  }

  private void release() {
    group.putBack(held);
    held.clear();
  }

  private void setDisk(List<String> words) {
    if (words.get(2).equals("slow")) {
      group.setDiskSlow(number(words, 1));
    } else {
      group.setDiskFast(number(words, 1));
    }
  }

  private List<String> status() {
    List<String> lines = new ArrayList<>();
    for (TestReplica replica : group.running()) {
      RaftStatus status = replica.status();
      lines.add(
          status.id()
              + " "
              + status.role()
              + " term="
              + status.term()
              + " leader="
              + status.leader()
              + " last="
              + status.lastIndex()
              + " durable="
              + status.durableIndex()
              + " commit="
              + status.commitIndex()
              + " applied="
              + status.appliedIndex());
    }
    return lines;
  }

  private static String log(TestReplica replica) {
    StringBuilder line = new StringBuilder("after " + replica.disk().writtenBase() + ":");
    for (LogEntry entry : replica.disk().writtenEntries()) {
      line.append(' ').append(entry.id());
    }
    return line.toString();
  }

  private static long number(List<String> words, int position) {
    return Long.parseLong(words.get(position));
  }
}
