package io.genericpool.core.internal;

import io.genericpool.PoolException;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.endpoint.JoinStep;
import io.genericpool.core.internal.report.PoolErrors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds an endpoint or lets it join, and looks it up again where it leaves the pool before something is done to it. */
final class EndpointLookup<E, C> {
    private final EndpointRegistry<E, C> registry;
    private final JoinStep<E, C> joins;
    private final PoolErrors<E, C> failures;

    public EndpointLookup(PoolParts<E, C> parts) {
        this.registry = parts.registry;
        this.joins = parts.joins;
        this.failures = parts.failures;
    }

    /**
     * Does something at an endpoint that is in the pool.
     *
     * @param timeout the timeout to name in a refusal; 0 when there is none
     * @param step does it; gives null when the endpoint has left
     * @throws PoolException when the pool is closed or holds as many endpoints as it may
     * @throws IllegalArgumentException when the endpoint's own limits are wrong
     */
    public <T> T at(E endpoint, long timeout, Function<EndpointPool<E, C>, @Nullable T> step) {
        for (; ; ) {
            T result = step.apply(require(endpoint, timeout));
            if (result != null) {
                return result;
            }
        }
    }

    private EndpointPool<E, C> require(E endpoint, long timeout) {
        EndpointPool<E, C> pool = joins.join(endpoint);
        if (pool == null) {
            throw registry.isClosed()
                    ? failures.closed(endpoint, timeout)
                    : failures.tooManyEndpoints(endpoint, timeout);
        }
        return pool;
    }
}
