package io.genericpool.tcp;

import io.genericpool.DisposeReason;

/**
 * What the managers of {@link SocketConnection}s have in common. Made by builders; immutable, for any number of pools, and
 * with nothing to close: its threads end by themselves.
 *
 * <p><b>Connecting</b> holds no thread: host names are looked up on the manager's executor, since the JDK can only block
 * there, and everything else is done by one thread of the manager that waits for all its connects. A connect that is
 * cancelled, interrupted or too late leaves no socket.
 *
 * <p><b>Aliveness</b> is a look at what the socket has received, which takes microseconds and sends nothing: an end of the
 * stream (also a half-closed one, and a close_notify of TLS) or a reset means death, silence and unread data do not.
 * Up to 4 KiB of unread data are looked behind, and kept for the next read. A peer that vanished without a word is found by
 * TCP keep-alive only, or by the next write.
 *
 * <p><b>Disposal</b> never waits. TLS says goodbye by a close_notify if the peer takes it at once, except for
 * {@link DisposeReason#DEAD}, {@link DisposeReason#PRESSURE} and {@link DisposeReason#HOOK_FAILED}. The socket is closed,
 * not reset, so what was written before is still delivered.
 *
 * @param <E> the type of endpoints
 */
public abstract class SocketConnectionManager<E> extends SocketManagerBase<E, SocketConnection> {
    SocketConnectionManager(SocketManagerBuilder<E, ?> builder) {
        super(builder.blockingDialer(), builder);
    }

    @Override
    final SocketFace faceOf(SocketConnection connection) {
        return (SocketFace) connection;
    }
}
