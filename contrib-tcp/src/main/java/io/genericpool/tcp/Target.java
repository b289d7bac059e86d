package io.genericpool.tcp;

import java.net.SocketAddress;

/**
 * One way to try.
 *
 * @param address where to
 * @param mayHoldAThread whether the connect is made in blocking mode, on the executor
 */
record Target(SocketAddress address, boolean mayHoldAThread) {}
