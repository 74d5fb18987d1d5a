/**
 * The gRPC server of a node: what it takes in is bounded before it is kept or parsed. One {@link
 * dev.ostrakon.node.rpc.RpcServer} serves one event loop; everything is confined to it unless a
 * class says otherwise.
 */
@NullMarked
package dev.ostrakon.node.rpc;

import org.jspecify.annotations.NullMarked;
