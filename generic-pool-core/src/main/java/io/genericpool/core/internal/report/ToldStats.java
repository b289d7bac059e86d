package io.genericpool.core.internal.report;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the errors of an endpoint with many connections tell of it. Where many requests fail at once, one thread counts for all
 * of them: each of the others takes the last count or waits for this one, and none waits for the endpoint's lock.
 */
final class ToldStats {
    /** How old a count may be, in nanoseconds. */
    private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(20);

    /** Where counting takes long, it takes at most one part in so many of the time. */
    private static final int SHARE = 50;

    /** How old one may be while another thread counts anew. */
    private static final long OLDEST = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_WAIT_MS = 1_000;

    private final LongSupplier now;
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Told>> counting = new AtomicReference<>();
    private volatile @Nullable Told last;

    ToldStats(LongSupplier now) {
        this.now = now;
    }

    /** A count, and whose leases they are. */
    record Told(EndpointSnapshot stats, @Nullable LeaseHolders holders, long takenAt, long freshFor) {
        Told(EndpointSnapshot stats, @Nullable LeaseHolders holders) {
            this(stats, holders, 0, 0);
        }
    }

    /** The last count if it is fresh, or another one. */
    Told get(Supplier<Told> count) {
        Told known = last;
        long asked = now.getAsLong();
        if (known != null && asked - known.takenAt <= known.freshFor) {
            return known;
        }
        var mine = new CompletableFuture<@Nullable Told>();
        CompletableFuture<@Nullable Told> other = counting.compareAndExchange(null, mine);
        if (other == null) {
            return countForAll(mine, count, asked);
        }
        if (known != null && asked - known.takenAt <= OLDEST) {
            return known;
        }
        Told theirs = await(other);
        return theirs == null ? count.get() : theirs;
    }

    private Told countForAll(CompletableFuture<@Nullable Told> mine, Supplier<Told> count, long asked) {
        Told taken = null;
        try {
            Told counted = count.get();
            long end = now.getAsLong();
            long freshFor = Math.min(OLDEST, Math.max(FRESH, SHARE * (end - asked)));
            taken = new Told(counted.stats, counted.holders, end, freshFor);
            last = taken;
            return taken;
        } finally {
            counting.set(null);
            mine.complete(taken);
        }
    }

    /** The count of another thread; null when that has failed, or takes too long. */
    private static @Nullable Told await(CompletableFuture<@Nullable Told> other) {
        try {
            return other.get(LONGEST_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
