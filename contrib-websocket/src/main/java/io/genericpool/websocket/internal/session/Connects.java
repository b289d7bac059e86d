package io.genericpool.websocket.internal.session;

import io.genericpool.spi.PoolClock;
import io.genericpool.websocket.internal.socket.SocketRegistry;
import java.util.concurrent.Executor;

/**
 * What sessions use of the manager of their pool.
 *
 * @param executor runs the threads of sessions
 * @param clock the clock that connection attempts run on
 * @param registry the connection attempts in progress, and the counters
 */
public record Connects(Executor executor, PoolClock clock, SocketRegistry registry) {}
