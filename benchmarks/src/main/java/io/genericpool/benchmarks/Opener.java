package io.genericpool.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Opens the connections of a subject and counts, as a server would, how many an endpoint has open at once. Nothing is
 * counted between connects, so it does not touch what is measured.
 */
final class Opener {
    private final Function<String, BenchConnection> source;
    private final ConcurrentHashMap<String, AtomicInteger> open = new ConcurrentHashMap<>();
    private final AtomicInteger mostPerEndpoint = new AtomicInteger();
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger mostTotal = new AtomicInteger();
    private final boolean isCounting;

    /** Opens new connections and counts them. */
    Opener() {
        this.source = endpoint -> new BenchConnection();
        this.isCounting = true;
    }

    /** Takes connections that exist already and keeps no books, so that only the subject's own memory grows. */
    Opener(Function<String, BenchConnection> source) {
        this.source = source;
        this.isCounting = false;
    }

    BenchConnection open(String endpoint) {
        if (isCounting) {
            int n = open.computeIfAbsent(endpoint, e -> new AtomicInteger()).incrementAndGet();
            mostPerEndpoint.accumulateAndGet(n, Math::max);
            mostTotal.accumulateAndGet(total.incrementAndGet(), Math::max);
        }
        return source.apply(endpoint);
    }

    void close(String endpoint, BenchConnection connection) {
        connection.close();
        if (isCounting) {
            open.get(endpoint).decrementAndGet();
            total.decrementAndGet();
        }
    }

    /** Fails when there were ever more connections than the limits allow. */
    void requireWithin(int perEndpoint, int all) {
        if (mostPerEndpoint.get() > perEndpoint || mostTotal.get() > all) {
            throw new IllegalStateException("limits were " + perEndpoint + " and " + all + ", but " + mostPerEndpoint
                    + " and " + mostTotal + " connections were open at once");
        }
    }
}
