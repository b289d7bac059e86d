package io.genericpool.stress.support;

import io.genericpool.spi.SharedLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Limits whose shares an actor sets, and that remember what they were told last. */
public final class StressShares implements SharedLimits<String>, SharedLimits.Session<String> {
    private volatile @Nullable Holder<String> pool;
    private volatile @Nullable Demand last;

    @Override
    public Session<String> open(Holder<String> holder) {
        pool = holder;
        return this;
    }

    /** Sets the share of an endpoint. */
    public void give(String endpoint, long version, int connections) {
        Objects.requireNonNull(pool).share(endpoint, new Share(version, connections, Giving.ALL, 10, 0, null));
    }

    /** What was told last, as one word of a result. */
    public String told() {
        Demand told = last;
        return told == null ? "nothing told" : "told " + told.held() + " of " + told.share();
    }

    @Override
    public void demand(@Nullable String endpoint, Demand demand) {
        last = demand;
    }

    @Override
    public void gone(String endpoint, long version) {
        last = null;
    }

    @Override
    public CompletionStage<?> close(Duration timeout) {
        return CompletableFuture.completedFuture(this);
    }
}
