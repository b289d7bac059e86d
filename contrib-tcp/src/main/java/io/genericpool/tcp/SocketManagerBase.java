package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.connect.Dialer;
import io.genericpool.tcp.internal.wire.PhysicalConnection;
import io.genericpool.tcp.internal.wire.UncleanReleaseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the managers of connections with both kinds of views have in common. */
abstract class SocketManagerBase<E, C> implements AsyncConnectionManager<E, C> {
    private final Dialer<E, C> dialer;
    private final UnreadData unreadData;
    private final boolean leaseViews;

    SocketManagerBase(Dialer<E, C> dialer, SocketManagerBuilder<E, ?> builder) {
        this.dialer = dialer;
        this.unreadData = builder.unreadData;
        this.leaseViews = builder.leaseViews;
    }

    abstract ConnectionView<C, ?> viewOf(C connection);

    @Override
    public final CompletionStage<C> createAsync(E endpoint, Duration timeout) {
        Objects.requireNonNull(endpoint, "endpoint");
        return dialer.dial(endpoint, Nanos.of(timeout));
    }

    @Override
    public final boolean isAlivenessCheckInstant() {
        return true;
    }

    @Override
    public final boolean checkAliveness(E endpoint, C connection, Duration timeout) {
        PhysicalConnection checked = viewOf(connection).connection;
        return checked.isAlive() && (unreadData == UnreadData.KEEP || checked.unread() == 0);
    }

    @Override
    public final CompletionStage<Boolean> checkAlivenessAsync(E endpoint, C connection, Duration timeout) {
        return CompletableFuture.completedFuture(checkAliveness(endpoint, connection, timeout));
    }

    @Override
    public final CompletionStage<?> disposeAsync(E endpoint, C connection, DisposeReason reason, Duration timeout) {
        viewOf(connection).connection.dispose(reason);
        return NO_RESET;
    }

    @Override
    public final void bind(E endpoint, C connection, ConnectionSignals signals) {
        viewOf(connection).connection.signals.bind(signals);
    }

    // What LeaseHooks calls, in the managers that have them:

    final C lendView(C connection, LeaseScope scope) {
        return leaseViews ? viewOf(connection).forLease(scope) : connection;
    }

    final void checkClean(C connection) throws IOException {
        if (unreadData == UnreadData.DISCARD) {
            PhysicalConnection released = viewOf(connection).connection;
            if (released.isAlive() && released.unread() > 0) {
                throw new UncleanReleaseException(released.unread());
            }
        }
    }
}
