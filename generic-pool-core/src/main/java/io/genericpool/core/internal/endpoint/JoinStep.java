package io.genericpool.core.internal.endpoint;

import io.genericpool.EndpointLimits;
import io.genericpool.core.internal.config.PoolSettings;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How an endpoint joins the pool, with its first request. */
public final class JoinStep<E, C> {
    private final EndpointContext<E, C> context;
    private final EndpointRegistry<E, C> registry;
    private final AdminStep<E, C> admin;

    public JoinStep(EndpointContext<E, C> context, EndpointRegistry<E, C> registry, AdminStep<E, C> admin) {
        this.context = context;
        this.registry = registry;
        this.admin = admin;
    }

    /**
     * Finds an endpoint or lets it join.
     *
     * @return null when the pool is closed, or holds as many endpoints as it may
     * @throws IllegalArgumentException when the endpoint's own limits are wrong
     */
    public @Nullable EndpointPool<E, C> join(E endpoint) {
        if (registry.isClosed()) {
            return null;
        }
        boolean hasMadeRoom = false;
        for (; ; ) {
            EndpointPool<E, C> present = registry.find(endpoint);
            if (present != null) {
                if (!present.has(EndpointPool.REMOVED)) {
                    return present;
                }
                registry.remove(present);
                continue;
            }
            EndpointPool<E, C> created = create(endpoint);
            present = put(created);
            if (present == null) {
                // I48: read after it was put in, so a close that has not found it is seen here
                if (registry.isClosed()) {
                    admin.close(created, new Backlog.Slice()); // others may have found it and queued by now
                }
                return created;
            }
            if (present == created) { // no room
                if (hasMadeRoom) {
                    return null;
                }
                hasMadeRoom = true;
                registry.keptByGate().forEach(admin::retireIfUnused);
            }
        }
    }

    private EndpointPool<E, C> create(E endpoint) {
        return new EndpointPool<>(context, endpoint, limitsOf(endpoint), registry.tenants.join(endpoint));
    }

    /** As {@link EndpointRegistry#putIfAbsent}; one that has not joined leaves its tenant. */
    private @Nullable EndpointPool<E, C> put(EndpointPool<E, C> created) {
        boolean joined = false;
        try {
            EndpointPool<E, C> present = registry.putIfAbsent(created);
            joined = present == null;
            return present;
        } finally { // equals and hashCode of the endpoint may have thrown
            if (!joined) {
                registry.tenants.leave(created.tenant);
            }
        }
    }

    /** The limits of an endpoint that was not resized. */
    public EndpointLimits limitsOf(E endpoint) {
        Function<? super E, ? extends @Nullable EndpointLimits> own = context.settings.endpointLimits;
        EndpointLimits limits = own == null ? null : own.apply(endpoint);
        if (limits == null) {
            return context.settings.defaultLimits();
        }
        PoolSettings.requireWithinTotal(limits.validated(), context.settings.totalMaxSize());
        return limits;
    }
}
