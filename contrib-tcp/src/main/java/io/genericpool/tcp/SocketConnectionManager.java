package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
public abstract class SocketConnectionManager<E> implements AsyncConnectionManager<E, SocketConnection> {
    private final BlockingDialer<E> dialer;
    private final UnreadData unreadData;
    private final boolean leaseViews;

    SocketConnectionManager(SocketManagerBuilder<E, ?> builder) {
        this.dialer = builder.blockingDialer();
        this.unreadData = builder.unreadData;
        this.leaseViews = builder.leaseViews;
    }

    @Override
    public final CompletionStage<SocketConnection> createAsync(E endpoint, Duration timeout) {
        Objects.requireNonNull(endpoint, "endpoint");
        return dialer.dial(endpoint, Nanos.of(timeout));
    }

    @Override
    public final boolean isAlivenessCheckInstant() {
        return true;
    }

    @Override
    public final boolean checkAliveness(E endpoint, SocketConnection connection, Duration timeout) {
        BlockingConnection checked = connectionOf(connection);
        return checked.isAlive() && (unreadData == UnreadData.KEEP || checked.unread() == 0);
    }

    @Override
    public final CompletionStage<Boolean> checkAlivenessAsync(
            E endpoint, SocketConnection connection, Duration timeout) {
        return CompletableFuture.completedFuture(checkAliveness(endpoint, connection, timeout));
    }

    @Override
    public final CompletionStage<?> disposeAsync(
            E endpoint, SocketConnection connection, DisposeReason reason, Duration timeout) {
        connectionOf(connection).dispose(reason);
        return NO_RESET;
    }

    @Override
    public final void bind(E endpoint, SocketConnection connection, ConnectionSignals signals) {
        connectionOf(connection).mortality.bind(signals);
    }

    // The two hooks below are a subclass's: a release without hooks costs the pool less than half of one with them.

    final SocketConnection lendFace(SocketConnection connection, LeaseScope scope) {
        return leaseViews ? ((SocketFace) connection).forLease(scope) : connection;
    }

    final void checkClean(SocketConnection connection) throws IOException {
        if (unreadData == UnreadData.DISCARD) {
            BlockingConnection released = connectionOf(connection);
            if (released.isAlive() && released.unread() > 0) {
                throw new UncleanReleaseException(released.unread());
            }
        }
    }

    private static BlockingConnection connectionOf(SocketConnection connection) {
        return ((SocketFace) connection).connection;
    }
}
