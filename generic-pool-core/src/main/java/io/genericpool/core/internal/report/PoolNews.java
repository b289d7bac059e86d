package io.genericpool.core.internal.report;

import io.genericpool.core.internal.config.EndpointLabels;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.event.PoolEvent;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every event says. A listener may keep it: it holds no part of the pool. */
abstract class PoolNews<E> implements PoolEvent<E> {
    private final String poolName;
    private final EndpointLabels<E> labels;
    private final E endpoint;
    private final long nanos;
    private final @Nullable Throwable failure;

    PoolNews(PoolSettings<E> settings, E endpoint, long nanos, @Nullable Throwable failure) {
        this.poolName = settings.name();
        this.labels = settings.labels;
        this.endpoint = endpoint;
        this.nanos = nanos;
        this.failure = failure;
    }

    @Override
    public final String poolName() {
        return poolName;
    }

    @Override
    public final E endpoint() {
        return endpoint;
    }

    @Override
    public final String endpointLabel() {
        return labels.of(endpoint);
    }

    @Override
    public final Duration duration() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public final Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** What it is about, for people. */
    abstract String subject();

    @Override
    public final String toString() {
        return subject() + " " + endpointLabel() + " in pool " + poolName;
    }
}
