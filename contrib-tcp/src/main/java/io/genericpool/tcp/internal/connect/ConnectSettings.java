package io.genericpool.tcp.internal.connect;

import io.genericpool.spi.PoolClock;
import io.genericpool.tcp.internal.wire.IoLoop;
import java.util.concurrent.Executor;

/**
 * What the connects of one manager share.
 *
 * @param transport the kind of sockets
 * @param loop waits for them
 * @param executor runs what may take its time, and what belongs to users
 * @param clock times the connects
 */
public record ConnectSettings<E>(Transport<E> transport, IoLoop loop, Executor executor, PoolClock clock) {}
