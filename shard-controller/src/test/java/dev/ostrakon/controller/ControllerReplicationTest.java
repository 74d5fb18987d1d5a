package dev.ostrakon.controller;

import static dev.ostrakon.controller.Samples.join;
import static dev.ostrakon.controller.Samples.move;
import static dev.ostrakon.controller.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.controller.ControllerAnswer.Reconfigured;
import dev.ostrakon.controller.ControllerCommand.Found;
import dev.ostrakon.controller.ControllerGroup.Member;
import dev.ostrakon.model.Configuration;
import dev.ostrakon.raft.Bytes;
import dev.ostrakon.raft.ReplicaEvent;
import dev.ostrakon.replica.ProposalOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver and the state machine owe each other: snapshots, restarts, failures. */
class ControllerReplicationTest {
  private final ControllerGroup controllers = new ControllerGroup(5);
  private final Clerk clerk = new Clerk(controllers, 1);

  @BeforeEach
  void found_the_group() {
    send(new Found(Samples.LIVE_16));
  }

  @Test
  void member_that_was_away_catches_up_by_snapshot_and_knows_all_history() {
    Member away =
        controllers.awaitLeader().id().equals(controllers.member(1).id())
            ? controllers.member(2)
            : controllers.member(1);
    int number = (int) away.id().value();
    controllers.kill(away);
    send(join(1, 2));
    List<Configuration> seen = new ArrayList<>(List.of(controllers.newest()));
    for (int slot = 0; slot < 16; slot++) {
      send(move(slot, slot < 8 ? 2 : 1));
      seen.add(controllers.newest());
    }
    controllers.restart(away);
    controllers.requireAgreement();

    Member back = controllers.member(number);
    assertThat(back.events()).hasAtLeastOneElementOfType(ReplicaEvent.SnapshotInstalled.class);
    assertThat(seen).hasSize(17);
    for (Configuration configuration : seen) {
      assertThat(controllers.configuration(back, configuration.number())).isEqualTo(configuration);
    }
  }

  @Test
  void request_is_known_after_everybody_restarted() {
    ControllerRequest joining = request(9, 1, controllers.now(), join(7));
    assertThat(propose(joining)).isEqualTo(new Reconfigured(1));
    send(join(8));
    controllers.running().forEach(controllers::kill);
    controllers.restartAllKilled();

    assertThat(propose(joining)).isEqualTo(new Reconfigured(1));
    assertThat(controllers.newest().number()).isEqualTo(2);
    controllers.requireAgreement();
  }

  @Test
  void bytes_that_are_no_entry_do_not_stop_the_group() {
    ControllerAnswer answer = proposeBytes(Bytes.utf8("nonsense"));

    assertThat(answer).isInstanceOf(ControllerAnswer.Refused.class);
    assertThat(send(join(1))).isEqualTo(new Reconfigured(1));
    controllers.requireAgreement();
  }

  @Test
  void entry_of_a_newer_format_is_not_taken_into_the_logs_of_members_that_cannot_read_it() {
    byte[] newer =
        EntryCodec.encode(
                new ControllerEntry(controllers.now(), request(9, 1, controllers.now(), join(7))))
            .toByteArray();
    newer[1] = 2;
    Member leader = controllers.awaitLeader();
    controllers.await(
        "the founding at every member",
        () ->
            controllers.running().stream()
                .allMatch(member -> member.machine().newestConfiguration().isPresent()));
    leader.replica().propose(Bytes.wrap(newer), Long.MAX_VALUE, outcome -> {});

    controllers.await(
        "its refusal by the others",
        () ->
            controllers.running().stream()
                .filter(member -> !member.equals(leader))
                .allMatch(member -> member.replica().malformedCount() > 0));
    assertThat(controllers.running()).hasSize(ControllerGroup.SIZE);
    for (Member member : controllers.running()) {
      assertThat(member.machine().newestConfiguration().map(Configuration::number)).contains(0L);
    }
  }

  /** Random commands of several clients through killed leaders, lost and repeated messages. */
  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112})
  void members_agree_after_any_run(long seed) {
    ControllerGroup group = new ControllerGroup(seed);
    Clerk founder = new Clerk(group, 1).then(new Found(Samples.LIVE_16));
    group.await(
        "founding",
        () -> {
          founder.tick();
          return founder.isDone();
        });
    List<Clerk> clerks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clerks.add(new Clerk(group, 10 + i));
      for (int step = 0; step < 20; step++) {
        clerks.get(i).then(randomCommand(group));
      }
    }
    LeaderKiller killer = new LeaderKiller(group);
    group.await(
        "all answers",
        () -> {
          killer.tick();
          clerks.forEach(Clerk::tick);
          return clerks.stream().allMatch(Clerk::isDone);
        });

    long made =
        clerks.stream()
            .flatMap(clerk -> clerk.answers().stream())
            .filter(Reconfigured.class::isInstance)
            .distinct()
            .count();
    assertThat(group.newest().number()).as("each made by one request").isEqualTo(made);
    assertThat(killer.killCount()).isPositive();
    group.requireAgreement();
  }

  private static ControllerCommand randomCommand(ControllerGroup group) {
    int gid = 1 + group.random().nextInt(6);
    return switch (group.random().nextInt(4)) {
      case 0 -> Samples.leave(gid);
      case 1 -> move(group.random().nextInt(16), gid);
      default -> join(gid);
    };
  }

  private ControllerAnswer send(ControllerCommand command) {
    clerk.then(command);
    controllers.await(
        "an answer",
        () -> {
          clerk.tick();
          return clerk.isDone();
        });
    return clerk.answers().get(clerk.answers().size() - 1);
  }

  private ControllerAnswer propose(ControllerRequest request) {
    return proposeBytes(EntryCodec.encode(new ControllerEntry(controllers.now(), request)));
  }

  /** Proposes until it is applied. */
  private ControllerAnswer proposeBytes(Bytes payload) {
    List<ControllerAnswer> answers = new ArrayList<>();
    boolean[] waiting = {false};
    controllers.await(
        "the answer",
        () -> {
          if (!waiting[0] && controllers.leader().isPresent()) {
            waiting[0] = true;
            controllers
                .leader()
                .orElseThrow()
                .replica()
                .propose(
                    payload,
                    Long.MAX_VALUE,
                    outcome -> {
                      waiting[0] = false;
                      if (outcome instanceof ProposalOutcome.Applied<ControllerAnswer> applied) {
                        answers.add(applied.result());
                      }
                    });
          }
          return !answers.isEmpty();
        });
    return answers.get(0);
  }
}
