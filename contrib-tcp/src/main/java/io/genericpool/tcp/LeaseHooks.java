package io.genericpool.tcp;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.LeaseScope;
import java.io.IOException;

/**
 * The hooks at the start and the end of a lease, for the managers whose settings need them. A pool pays for a hook that a
 * manager's class has: a release without hooks costs less than half of one with them. So the managers that need none are of
 * a class without this.
 *
 * @param <E> the type of endpoints
 * @param <C> what users see of a connection
 */
interface LeaseHooks<E, C> extends ConnectionManager<E, C> {
    /** The manager with these hooks, which is what implements this. */
    SocketManagerBase<E, C> manager();

    @Override
    default C lend(E endpoint, C connection, LeaseScope scope) {
        return manager().lendView(connection, scope);
    }

    @Override
    default void onRelease(E endpoint, C connection) throws IOException {
        manager().released(connection);
    }
}
