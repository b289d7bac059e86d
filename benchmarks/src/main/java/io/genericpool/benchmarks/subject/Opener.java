package io.genericpool.benchmarks.subject;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Opens the connections of a subject and counts, as a server would, how many an endpoint has open at once. Nothing is
 * counted between connects, so it does not touch what is measured.
 */
public final class Opener {
    private final Function<String, BenchConnection> source;
    private final ConcurrentHashMap<String, AtomicInteger> open = new ConcurrentHashMap<>();
    private final AtomicInteger mostPerEndpoint = new AtomicInteger();
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger mostTotal = new AtomicInteger();
    private final AtomicLong connects = new AtomicLong();
    private final boolean isCounting;

    /** Opens new connections at once and counts them. */
    public Opener() {
        this(0);
    }

    /** Opens new connections, each of which takes a while, and counts them from the beginning of the connect. */
    public Opener(long connectNanos) {
        this.source = endpoint -> {
            Hold.sleep(connectNanos);
            return new BenchConnection(endpoint);
        };
        this.isCounting = true;
    }

    /** Takes connections that exist already and keeps no books, so that only the subject's own memory grows. */
    public Opener(Function<String, BenchConnection> source) {
        this.source = source;
        this.isCounting = false;
    }

    public BenchConnection open(String endpoint) {
        if (isCounting) {
            int n = open.computeIfAbsent(endpoint, e -> new AtomicInteger()).incrementAndGet();
            mostPerEndpoint.accumulateAndGet(n, Math::max);
            mostTotal.accumulateAndGet(total.incrementAndGet(), Math::max);
            connects.incrementAndGet();
        }
        return source.apply(endpoint);
    }

    public void close(BenchConnection connection) {
        connection.close();
        if (isCounting) {
            open.get(connection.endpoint).decrementAndGet();
            total.decrementAndGet();
        }
    }

    /** How many connections were opened so far. */
    public long connects() {
        return connects.get();
    }

    /** Fails when there were ever more connections than the limits allow. */
    public void requireWithin(int perEndpoint, int all) {
        if (mostPerEndpoint.get() > perEndpoint || mostTotal.get() > all) {
            throw new IllegalStateException("limits were " + perEndpoint + " and " + all + ", but " + mostPerEndpoint
                    + " and " + mostTotal + " connections were open at once");
        }
    }
}
