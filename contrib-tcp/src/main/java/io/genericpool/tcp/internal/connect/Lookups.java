package io.genericpool.tcp.internal.connect;

import com.google.common.net.InetAddresses;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Hosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks hosts up without blocking the caller. The JDK can only block, so a lookup holds a thread of the executor; one per
 * host, however many connects wait for it and however often they give up.
 *
 * <p>A lookup that has not returned within the time of a connect is taken for stuck, and the next connect starts another
 * one, up to {@link #MAX_RUNNING} per host. The first answer is everyone's.
 */
public final class Lookups {
    /** How many threads a host's stuck lookups may hold. */
    public static final int MAX_RUNNING = 4;

    /** When a lookup counts as stuck for a connect without a limit. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

    private final Resolver resolver;
    private final Executor executor;
    private final PoolClock clock;
    private final ConcurrentMap<String, HostLookup> running = new ConcurrentHashMap<>();

    /** Finds the addresses of a host; may block. */
    @FunctionalInterface
    public interface Resolver {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /** What is known of one host while a thread asks for it. Its fields change inside the map's {@code compute} only. */
    private static final class HostLookup {
        /** How many threads ask; those that are stuck count for as long as they are. */
        int threads;
        /** When the newest of them started. */
        long newest;
        /** Whether one of them was started for the present answer. */
        boolean asked;
        /** For those who wait. */
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    }

    /** What a caller gets out of the map. */
    private static final class Join {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        boolean mustAsk;
    }

    public Lookups(Resolver resolver, Executor executor, PoolClock clock) {
        this.resolver = resolver;
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * Looks a name up.
     *
     * @param timeout how long the caller will wait, in nanoseconds
     * @return the caller's own future, completed with one address at least; it may be cancelled without harm to others
     */
    public CompletableFuture<List<InetAddress>> lookUp(String host, long timeout) {
        if (Hosts.isAddress(host)) {
            return literal(host);
        }
        var join = new Join();
        long now = clock.nanoTime();
        running.compute(host, (name, known) -> {
            HostLookup lookup = known == null ? new HostLookup() : known;
            join.answer = lookup.answer;
            join.mustAsk = lookup.threads < MAX_RUNNING
                    && (!lookup.asked || now - lookup.newest >= Math.min(timeout, LONGEST));
            if (join.mustAsk) {
                lookup.threads++;
                lookup.newest = now;
                lookup.asked = true;
            }
            return lookup;
        });
        if (join.mustAsk) {
            try {
                executor.execute(() -> resolve(host));
            } catch (RuntimeException | Error e) {
                ended(host, List.of(), e);
            }
        }
        return join.answer.copy();
    }

    /** An IPv6 address may name an interface that this machine does not have. */
    private static CompletableFuture<List<InetAddress>> literal(String host) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddresses.forString(host)));
        } catch (IllegalArgumentException e) {
            var failure = new UnknownHostException(host + ": " + e.getMessage());
            failure.initCause(e);
            return CompletableFuture.failedFuture(failure);
        }
    }

    private void resolve(String host) {
        List<InetAddress> addresses = List.of();
        Throwable failure = null;
        try {
            addresses = checked(host, resolver.resolve(host));
        } catch (Throwable e) {
            failure = e;
        } finally {
            Steps.clearInterrupt(); // the resolver may have left its flag, and the connects go on here
        }
        ended(host, addresses, failure);
    }

    private static List<InetAddress> checked(String host, @Nullable List<InetAddress> found)
            throws UnknownHostException {
        if (found == null || found.stream().anyMatch(Objects::isNull)) {
            throw new NullPointerException("the resolver returned null, or an address that is null, for " + host);
        }
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return List.copyOf(found);
    }

    private void ended(String host, List<InetAddress> addresses, @Nullable Throwable failure) {
        var join = new Join();
        running.computeIfPresent(host, (name, lookup) -> {
            // First, so that an answer that came before a caller has asked is never given to it.
            join.answer = lookup.answer;
            lookup.answer = new CompletableFuture<>();
            lookup.asked = false;
            lookup.threads--;
            return lookup.threads == 0 ? null : lookup;
        });
        if (failure == null) {
            join.answer.complete(addresses);
        } else {
            join.answer.completeExceptionally(failure);
        }
    }
}
