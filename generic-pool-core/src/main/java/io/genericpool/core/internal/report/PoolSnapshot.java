package io.genericpool.core.internal.report;

import io.genericpool.PoolStats;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.support.SafeText;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The statistics of a pool: those of its endpoints, and of those that have left. Made by {@link PoolWalk}. */
public final class PoolSnapshot extends CountsSnapshot implements PoolStats {
    private static final int LONGEST_FAILURE = 300;

    private final String name;
    private final int endpoints;
    private final int starving;
    private final int totalMaxSize;
    private final long listenerFailures;
    private final boolean hasSharedLimits;
    private final boolean sharedLimitsReachable;
    private final @Nullable String sharedLimitsFailure;
    private final int share;

    PoolSnapshot(EndpointContext<?, ?> context, CountsSnapshot sums, int endpoints, long listenerFailures) {
        name = context.settings.name();
        starving = context.capacity.starvingCount();
        totalMaxSize = context.capacity.max();
        this.listenerFailures = listenerFailures;
        hasSharedLimits = context.settings.sharedLimits != null;
        sharedLimitsReachable = context.reachability.isReachable();
        sharedLimitsFailure = failure(context.reachability.why());
        share = context.capacity.shareOfTotal();
        this.endpoints = endpoints;
        add(sums);
    }

    /** A text alone, because a snapshot that is kept must not keep what an error holds on to. */
    private static @Nullable String failure(@Nullable Throwable why) {
        return why == null ? null : SafeText.of(why, LONGEST_FAILURE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int endpoints() {
        return endpoints;
    }

    @Override
    public int starving() {
        return starving;
    }

    @Override
    public int totalMaxSize() {
        return totalMaxSize;
    }

    @Override
    public long listenerFailures() {
        return listenerFailures;
    }

    @Override
    public boolean sharedLimitsReachable() {
        return sharedLimitsReachable;
    }

    @Override
    public Optional<String> sharedLimitsFailure() {
        return sharedLimitsReachable ? Optional.empty() : Optional.ofNullable(sharedLimitsFailure);
    }

    @Override
    public boolean hasSharedLimits() {
        return hasSharedLimits;
    }

    @Override
    public OptionalInt share() {
        return share < 0 ? OptionalInt.empty() : OptionalInt.of(share);
    }

    @Override
    public String toString() {
        return "pool " + name + ": endpoints=" + endpoints + ", totalMaxSize=" + totalMaxSize + ", starving=" + starving
                + ", " + super.toString();
    }
}
