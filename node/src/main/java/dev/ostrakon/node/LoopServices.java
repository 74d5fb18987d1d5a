package dev.ostrakon.node;

import dev.ostrakon.group.OverdueTxn;
import dev.ostrakon.model.ClientId;
import dev.ostrakon.model.NodeId;
import dev.ostrakon.node.cluster.FrontCalls;
import dev.ostrakon.node.cluster.LocalGroup;
import dev.ostrakon.node.kv.AnswerRoom;
import dev.ostrakon.node.kv.CallLedger;
import dev.ostrakon.node.kv.KvCalls;
import dev.ostrakon.node.kv.KvEndpoint;
import dev.ostrakon.node.kv.KvForwarding;
import dev.ostrakon.node.participant.NodeParticipants;
import dev.ostrakon.node.participant.ParticipantEndpoint;
import dev.ostrakon.node.peer.PeerClients;
import dev.ostrakon.node.peer.PeerConfig;
import dev.ostrakon.node.transaction.MultiGroupCalls;
import dev.ostrakon.protocol.v1.KvGrpcService;
import dev.ostrakon.protocol.v1.ParticipantsGrpcService;
import dev.ostrakon.replica.Scheduler;
import io.vertx.grpc.server.Service;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** What serves clients and coordinates transactions on one event loop. Confined to it. */
final class LoopServices {
  /** A transaction that has waited so long is taken over. */
  private static final long OVERDUE_MILLIS = 2_000;

  private final NodeParts parts;
  private final Scheduler loop;
  private final FrontCalls fronts;
  private final NodeParticipants participants;
  private final MultiGroupCalls transactions;
  private final KvCalls calls;
  private final AnswerRoom room;
  private final RecoveryWindow window = new RecoveryWindow();
  private boolean isRecoveryDue;

  LoopServices(NodeParts parts, Scheduler loop) {
    this.parts = parts;
    this.loop = loop;
    this.fronts = new FrontCalls(parts.handovers().from(loop), parts.handovers(), parts.groups());
    this.participants = new NodeParticipants(parts.participants(), fronts, loop);
    for (NodeId peer : parts.settings().peers().keySet()) {
      if (!peer.equals(parts.settings().id())) {
        participants.addPeer(peer, parts.settings().routeTo(peer));
      }
    }
    this.transactions =
        new MultiGroupCalls(
            parts.clock(), loop, participants, parts.map(), parts.settings().plan().limits());
    this.calls = new KvCalls(fronts, parts.map(), transactions);
    int loops = parts.settings().serving().eventLoops();
    this.room =
        AnswerRoom.forHeap(
            Runtime.getRuntime().maxMemory(),
            loops,
            () -> parts.rpc().unsentBytes() / loops,
            parts.rpc()::wantAnswersRead);
  }

  Service kv() {
    SecureRandom random = new SecureRandom();
    CallLedger ledger =
        new CallLedger(new ClientId(random.nextLong(), random.nextLong()), parts.clock());
    KvForwarding forwarding =
        new KvForwarding(
            PeerClients.create(parts.kv().vertx(), PeerConfig.DEFAULTS, parts.settings().tls()),
            parts.map(),
            parts.settings()::routeTo,
            loop);
    return KvGrpcService.of(new KvEndpoint(parts.kv(), calls, ledger, forwarding, loop, room));
  }

  Service participants() {
    return ParticipantsGrpcService.of(new ParticipantEndpoint(parts.participants(), fronts, loop));
  }

  MultiGroupCalls transactions() {
    return transactions;
  }

  void tick() {
    participants.tick();
    transactions.tick();
    room.tick();
  }

  /**
   * Takes over what nobody drives any more in the groups that are led from this loop, as much as
   * the window allows; called from time to time, and by each recovery that ends while there is
   * more.
   */
  void recoverOverdue() {
    isRecoveryDue = false;
    List<LocalGroup> led = new ArrayList<>();
    for (LocalGroup group : parts.groups().all()) {
      if (group.owner().equals(loop) && group.front().isLeading()) {
        led.add(group);
      }
    }
    int room = window.room(loop.nowNanos());
    for (int i = 0; i < led.size() && room > 0; i++) {
      int share = Math.max(1, room / (led.size() - i));
      List<OverdueTxn> overdue = led.get(i).front().overdue(OVERDUE_MILLIS, share);
      room -= overdue.size();
      overdue.forEach(this::recover);
    }
  }

  private void recover(OverdueTxn overdue) {
    RecoveryWindow.Place place = window.begin(loop.nowNanos());
    transactions.recover(
        overdue,
        isFound -> {
          if (isFound) {
            window.onFound(place);
          } else {
            window.onUnknown(place);
          }
          if (isFound && !isRecoveryDue) {
            isRecoveryDue = true;
            loop.execute(this::recoverOverdue);
          }
        });
  }

  void stop() {
    transactions.stop();
    participants.stop();
  }
}
