package io.genericpool.tcp;

import io.genericpool.DisposeReason;

/**
 * The base class of managers of {@link SocketConnection}s. Builders create the managers. A manager is immutable, any
 * number of pools may share it, and it need not be closed. Its threads end by themselves.
 *
 * <p><b>Connecting</b> blocks no thread, except for lookups of host names. These run on the manager's executor, because
 * the JDK offers only blocking lookups. One thread of the manager does everything else for all its connection attempts.
 * An attempt that is cancelled, interrupted or too late leaves no socket open.
 *
 * <p><b>The aliveness check</b> looks at what the socket has received. It takes microseconds and sends nothing. The
 * connection is dead after an end of the stream or a reset. A half-closed stream and a close_notify of TLS count as an
 * end. Silence and unread data do not mean death. The check looks past up to 4 KiB of unread data and keeps it for the
 * next read. Only TCP keep-alive or the next write detects a peer that vanished without a message.
 *
 * <p><b>Disposal</b> never waits. TLS sends a close_notify if the peer takes it at once, except for
 * {@link DisposeReason#DEAD}, {@link DisposeReason#PRESSURE} and {@link DisposeReason#HOOK_FAILED}. The socket is
 * closed without a reset, so data written before is still delivered.
 *
 * @param <E> the type of endpoints
 */
public abstract class SocketConnectionManager<E> extends SocketManagerBase<E, SocketConnection> {
    SocketConnectionManager(SocketManagerBuilder<E, ?> builder) {
        super(builder.blockingDialer(), builder);
    }

    @Override
    final SocketConnectionView viewOf(SocketConnection connection) {
        return (SocketConnectionView) connection;
    }
}
