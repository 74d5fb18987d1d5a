package dev.ostrakon.node;

import static dev.ostrakon.node.metrics.PrometheusText.labels;

import dev.ostrakon.group.FrontCounters;
import dev.ostrakon.node.metrics.PrometheusText;
import dev.ostrakon.node.participant.ParticipantCounters;
import dev.ostrakon.node.peer.PeerCounters;
import dev.ostrakon.node.rpc.RpcCounters;
import dev.ostrakon.protocol.NodeStatus;
import dev.ostrakon.raft.RaftStatus;
import dev.ostrakon.storage.LogStats;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the figures of a node into the text of its metrics. */
final class NodeMetrics {
  private NodeMetrics() {}

  /** What concerns the node as a whole. */
  static void write(PrometheusText text, NodeServices services, @Nullable DurableHost host) {
    services.requestMetrics().writeTo(text);
    NodeStatus.Clock clock = services.clockStatus();
    text.gauge("ready", "Whether the node serves.", "", services.admission().isOpen() ? 1 : 0)
        .gauge("requests_waiting", "Requests not answered yet.", "", services.admission().count())
        .gauge(
            "clock_drift_millis",
            "How far the hybrid clock is ahead of the wall clock.",
            "",
            clock.driftMillis())
        .gauge(
            "clock_error_millis",
            "How far this machine's clock is ahead of what the other nodes' clocks allow.",
            "",
            clock.errorMillis())
        .gauge(
            "clock_lead_millis",
            "How far the time is ahead of the nodes' clocks, because the groups' do not go back.",
            "",
            clock.leadMillis())
        .gauge(
            "configuration",
            "Number of the newest configuration known.",
            "",
            services.parts().map().configurationNumber());
    write(text, services.participantCounters().snapshot());
    connections(text, services.ports());
    calls(text, services);
    services.coordinatorFigures().forEach((name, value) -> coordinator(text, name, value));
    memory(text);
    if (host != null) {
      write(text, host.logStats());
      write(text, host.raft().peerCounters());
    }
  }

  private static void connections(PrometheusText text, NodePorts ports) {
    String help = "Connections that were not let in, or closed.";
    text.gauge("connections", "Open connections of clients and peers.", "", ports.server().count())
        .gauge("connections_max", "How many may be open.", "", ports.server().max())
        .counter(
            "connections_refused_total",
            help,
            labels("reason", "full"),
            ports.server().refusedCount())
        .counter(
            "connections_refused_total",
            help,
            labels("reason", "no_handshake"),
            ports.server().unsettledCount())
        .counter(
            "connections_refused_total",
            help,
            labels("reason", "silent"),
            ports.server().silentCount());
  }

  private static void calls(PrometheusText text, NodeServices services) {
    RpcCounters.Snapshot calls = services.rpcCounters().snapshot();
    text.gauge(
            "sessions_max",
            "How many sessions may be open.",
            "",
            services.admission().sessionsMax())
        .counter(
            "sessions_refused_total",
            "Sessions that were not let in.",
            "",
            services.admission().sessionsRefused())
        .gauge(
            "participant_sessions",
            "Open streams of coordinators of other nodes.",
            "",
            services.parts().participants().sessions().count())
        .gauge("calls", "Open calls and streams of all kinds.", "", calls.calls())
        .counter(
            "calls_refused_total",
            "Calls ended for what they sent, did not send in time, or did not read.",
            "",
            calls.refused())
        .gauge(
            "unfinished_message_bytes",
            "Room of messages that have not arrived as a whole.",
            "",
            calls.unfinishedBytes())
        .gauge(
            "unsent_answer_bytes",
            "Answers that connections have not taken.",
            "",
            calls.unsentBytes());
  }

  private static void coordinator(PrometheusText text, String name, long value) {
    text.counter("coordinator_total", "Events of coordinators.", labels("event", name), value);
  }

  private static void write(PrometheusText text, ParticipantCounters.Snapshot counts) {
    String help = "Calls between coordinators and participants of different nodes.";
    text.counter("participant_calls_total", help, labels("event", "sent"), counts.callsSent())
        .counter("participant_calls_total", help, labels("event", "lost"), counts.callsLost())
        .counter(
            "participant_calls_total", help, labels("event", "received"), counts.callsReceived())
        .counter("participant_calls_total", help, labels("event", "refused"), counts.callsRefused())
        .counter("participant_calls_total", help, labels("event", "malformed"), counts.malformed())
        .counter("participant_calls_total", help, labels("event", "skewed"), counts.skewed());
  }

  private static void write(PrometheusText text, LogStats log) {
    text.counter("log_commits_total", "Durable commits of the log.", "", log.commits())
        .counter("log_syncs_total", "Syncs of log files.", "", log.syncs() + log.extentSyncs())
        .counter("log_writes_total", "Writes of replicas in these commits.", "", log.writes())
        .counter("log_entries_total", "Log entries made durable.", "", log.entries())
        .counter("log_entry_bytes_total", "Bytes of these entries.", "", log.entryBytes())
        .counter("log_file_bytes_total", "Bytes written to log files.", "", log.fileBytes())
        .gauge("log_backlog_bytes", "Bytes that wait for the disk.", "", log.backlogBytes())
        .gauge("log_batch_writes_max", "Most writes of one commit.", "", log.largestBatch());
    List<PrometheusText.Bucket> buckets =
        log.commitBuckets().stream()
            .map(bucket -> new PrometheusText.Bucket(bucket.boundMicros() / 1e6, bucket.count()))
            .toList();
    text.histogram(
        "log_commit_seconds",
        "Time of a durable commit of the log, from its first change to the end of its sync.",
        "",
        buckets,
        new PrometheusText.Total(log.commits(), log.commitNanosSum() / 1e9));
  }

  private static void write(PrometheusText text, PeerCounters.Snapshot counts) {
    text.counter("peer_frames_total", "Frames to peers.", "", counts.framesSent())
        .counter("peer_messages_total", "Raft messages to peers.", "", counts.messagesSent())
        .counter("peer_messages_dropped_total", "Not sent.", "", counts.messagesDropped())
        .counter(
            "peer_timestamps_refused_total",
            "Frames of peers whose clock is too far ahead.",
            "",
            counts.timestampsRefused())
        .counter("peer_connections_lost_total", "Links lost.", "", counts.connectionsLost());
  }

  private static void memory(PrometheusText text) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    text.gauge("jvm_heap_used_bytes", "Heap in use.", "", heap.getUsed())
        .gauge("jvm_heap_max_bytes", "Largest heap.", "", heap.getMax());
  }

  /** What concerns one replica. */
  static void write(PrometheusText text, NodeReport.ReplicaReport report) {
    NodeStatus.Replica status = report.status();
    RaftStatus raft = report.raft();
    String group = labels("group", Long.toString(status.group().number()));
    text.gauge("raft_term", "Term of the replica.", group, raft.term())
        .gauge(
            "raft_leader",
            "Whether the replica leads.",
            group,
            status.role() == NodeStatus.Role.LEADER ? 1 : 0)
        .counter(
            "raft_malformed_total",
            "Messages ignored because no correct replica sends them.",
            group,
            report.malformed())
        .gauge("raft_has_leader", "Whether it knows one.", group, status.leader() == null ? 0 : 1)
        .gauge("raft_first_index", "First index of the log.", group, raft.firstIndex())
        .gauge("raft_last_index", "Last index of the log.", group, raft.lastIndex())
        .gauge("raft_durable_index", "Last durable index.", group, raft.durableIndex())
        .gauge("raft_commit_index", "Last committed index.", group, raft.commitIndex())
        .gauge("raft_applied_index", "Last applied index.", group, raft.appliedIndex())
        .gauge(
            "raft_checkpoint_index",
            "Last index in a checkpoint.",
            group,
            status.log().checkpointIndex());
    FrontCounters front = report.front();
    if (front != null) {
      write(text, group, front);
    }
  }

  private static void write(PrometheusText text, String group, FrontCounters front) {
    text.gauge("group_keys", "Keys that have a value.", group, front.keys())
        .gauge("group_pending", "Transactions in the queues.", group, front.pending())
        .gauge("group_ready", "Ready and not applied.", group, front.ready())
        .gauge(
            "group_unfinished",
            "Transactions over several groups without an outcome here.",
            group,
            front.unfinished())
        .gauge("group_records", "Transactions remembered.", group, front.records())
        .gauge("group_clients", "Clients remembered.", group, front.clients())
        .gauge("group_request_bytes", "Heap kept for requests.", group, front.requestBytes())
        .gauge("group_waiting_commands", "Commands waiting.", group, front.waitingCommands())
        .gauge("group_waiting_reads", "Reads waiting.", group, front.waitingReads())
        .gauge("group_waiting_awaits", "Awaits waiting.", group, front.waitingAwaits())
        .counter("group_batches_total", "Log entries proposed.", group, front.batches())
        .counter("group_commands_total", "Commands in them.", group, front.commands())
        .counter("group_requests_total", "Calls of clients for it alone.", group, front.requests())
        .counter("group_orders_total", "Parts of wider transactions.", group, front.orders())
        .counter("group_reads_total", "Reads served.", group, front.reads())
        .counter("group_read_indexes_total", "Confirmations.", group, front.readIndexes())
        .counter("group_reads_from_disk_total", "From the disk.", group, front.readsFromDisk())
        .counter("group_scans_total", "Pages of scans.", group, front.scans())
        .counter("group_overloaded_total", "Turned away.", group, front.overloaded())
        .counter("group_clock_skews_total", "Turned away for time.", group, front.clockSkews())
        .counter("group_invalid_total", "Turned away as no node's.", group, front.invalid());
  }
}
