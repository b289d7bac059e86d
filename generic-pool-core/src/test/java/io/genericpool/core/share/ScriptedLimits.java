package io.genericpool.core.share;

import io.genericpool.spi.SharedLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Limits that grant what a test says, and remember what they were told. */
final class ScriptedLimits implements SharedLimits<String>, SharedLimits.Session<String> {
    private static final String TOTAL = "(total)";

    final Map<String, Demand> demands = new HashMap<>();
    final List<String> gone = new ArrayList<>();
    final CompletableFuture<Object> closed = new CompletableFuture<>();
    /** What it does when it is told something. */
    Runnable whenTold = () -> {};

    long versions;
    boolean closing;
    boolean closesWithoutStage;

    @Nullable
    Holder<String> pool;

    @Override
    public Session<String> open(Holder<String> holder) {
        pool = holder;
        return this;
    }

    Holder<String> pool() {
        return Objects.requireNonNull(pool);
    }

    void give(@Nullable String endpoint, int connections) {
        give(endpoint, connections, Giving.ALL);
    }

    void give(@Nullable String endpoint, int connections, Giving giving) {
        pool().share(endpoint, new Share(++versions, connections, giving, 200, 0, null));
    }

    Demand demand(String endpoint) {
        return Objects.requireNonNull(demands.get(endpoint), () -> "no demand for " + endpoint + " in " + demands);
    }

    Demand total() {
        return demand(TOTAL);
    }

    @Override
    public void demand(@Nullable String endpoint, Demand demand) {
        demands.put(endpoint == null ? TOTAL : endpoint, demand);
        whenTold.run();
    }

    @Override
    public void gone(String endpoint, long version) {
        demands.remove(endpoint);
        gone.add(endpoint + "@" + version);
    }

    @Override
    public @Nullable CompletionStage<?> close(Duration timeout) {
        closing = true;
        if (closesWithoutStage) {
            return null;
        }
        closed.complete(this);
        return closed;
    }
}
