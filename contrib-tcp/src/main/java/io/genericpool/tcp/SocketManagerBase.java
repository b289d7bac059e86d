package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.ManagerHook;
import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.connect.Dialer;
import io.genericpool.tcp.internal.wire.PhysicalConnection;
import io.genericpool.tcp.internal.wire.UncleanReleaseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the managers of connections with both kinds of views have in common. */
abstract class SocketManagerBase<E, C> implements AsyncConnectionManager<E, C> {
    private final Dialer<E, C> dialer;
    private final SocketManagerBuilder.@Nullable AddressSource<E> addresses;
    private final Set<ManagerHook> hooks;
    private final UnreadData unreadData;
    private final boolean leaseViews;

    SocketManagerBase(Dialer<E, C> dialer, SocketManagerBuilder<E, ?> builder) {
        this.dialer = dialer;
        this.addresses = builder.addresses();
        this.hooks = namedHooks();
        this.unreadData = builder.unreadData;
        this.leaseViews = builder.leaseViews;
    }

    abstract ConnectionView<C, ?> viewOf(C connection);

    @Override
    public final Optional<Set<ManagerHook>> hooks() {
        return Optional.of(hooks);
    }

    private Set<ManagerHook> namedHooks() {
        Set<ManagerHook> named = EnumSet.of(ManagerHook.CHECK_ALIVENESS, ManagerHook.BIND);
        if (addresses != null) {
            named.add(ManagerHook.ADDRESSES);
        }
        if (this instanceof LeaseHooks) {
            named.add(ManagerHook.LEND);
            named.add(ManagerHook.ON_RELEASE);
        }
        return Collections.unmodifiableSet(named);
    }

    /**
     * Finds the addresses of the endpoint's host, or of the proxy's when there is one. A host that is an address itself
     * has none that could change, nor has a Unix-domain socket.
     */
    @Override
    public final Set<InetAddress> addresses(E endpoint) throws UnknownHostException {
        return addresses == null ? Set.of() : addresses.of(endpoint);
    }

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

    final void released(C connection) throws IOException {
        if (leaseViews) {
            viewOf(connection).released();
        }
        if (unreadData == UnreadData.DISCARD) {
            PhysicalConnection released = viewOf(connection).connection;
            if (released.isAlive() && released.unread() > 0) {
                throw new UncleanReleaseException(released.unread());
            }
        }
    }
}
