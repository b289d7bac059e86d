package io.genericpool.tcp.internal.connect;

import java.net.SocketAddress;

/**
 * One way to try.
 *
 * @param address where to
 * @param mayHoldAThread whether the connect is made in blocking mode, on the executor
 */
public record Target(SocketAddress address, boolean mayHoldAThread) {}
