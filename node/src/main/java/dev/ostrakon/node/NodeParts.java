package dev.ostrakon.node;

import dev.ostrakon.hlc.HybridLogicalClock;
import dev.ostrakon.node.cluster.ClusterMap;
import dev.ostrakon.node.cluster.Handovers;
import dev.ostrakon.node.cluster.LocalGroups;
import dev.ostrakon.node.kv.KvEnvironment;
import dev.ostrakon.node.participant.ParticipantEnvironment;
import dev.ostrakon.node.rpc.RpcCounters;
import dev.ostrakon.node.settings.NodeSettings;

/** What the event loops of a node share. */
record NodeParts(
    NodeSettings settings,
    HybridLogicalClock clock,
    ClusterMap map,
    LocalGroups groups,
    Handovers handovers,
    RpcCounters rpc,
    KvEnvironment kv,
    ParticipantEnvironment participants) {}
