package io.genericpool.core.internal.report;

import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.event.LeaseEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a listener is told of a lease, or of a request for one. Small, because there may be one per acquire. */
final class LeaseNews<E> extends PoolNews<E> implements LeaseEvent<E> {
    static final int REUSED = 1;
    static final int INVALIDATED = 2;
    static final int WAITED = 4;

    private final int traits;
    private final @Nullable String holder;

    LeaseNews(
            PoolSettings<E> settings,
            E endpoint,
            long nanos,
            @Nullable Throwable failure,
            int traits,
            @Nullable String holder) {
        super(settings, endpoint, nanos, failure);
        this.traits = traits;
        this.holder = holder;
    }

    @Override
    public boolean isReused() {
        return (traits & REUSED) != 0;
    }

    @Override
    public boolean hasWaited() {
        return (traits & WAITED) != 0;
    }

    @Override
    public boolean isInvalidated() {
        return (traits & INVALIDATED) != 0;
    }

    @Override
    public Optional<String> holder() {
        return Optional.ofNullable(holder);
    }

    @Override
    String subject() {
        return "lease of";
    }
}
