package io.genericpool.core.race;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A server that counts for itself what is open, and a manager whose every hook fails now and then. Endpoints are numbers.
 * Which of its decisions are faults follows from the seed; which call asks for the next decision is up to the threads.
 */
final class StormServer implements ConnectionManager<Integer, StormServer.Connection> {
    private final AtomicIntegerArray open;
    private final AtomicInteger openInAll = new AtomicInteger();
    private final AtomicIntegerArray mostOpen;
    private final AtomicInteger mostOpenInAll = new AtomicInteger();
    private final int faultsInThousand;
    private final long seed;
    private final AtomicLong decisions = new AtomicLong();

    final AtomicLong created = new AtomicLong();
    final AtomicLong disposed = new AtomicLong();
    final AtomicLong faults = new AtomicLong();
    final AtomicReference<@Nullable String> violation = new AtomicReference<>();

    StormServer(int endpoints, int faultsInThousand, long seed) {
        open = new AtomicIntegerArray(endpoints);
        mostOpen = new AtomicIntegerArray(endpoints);
        this.faultsInThousand = faultsInThousand;
        this.seed = seed;
    }

    /** A connection that knows its holder. */
    static final class Connection {
        final int endpoint;
        final AtomicReference<@Nullable Object> holder = new AtomicReference<>();
        final AtomicInteger disposals = new AtomicInteger();
        volatile @Nullable ConnectionSignals signals;

        Connection(int endpoint) {
            this.endpoint = endpoint;
        }
    }

    boolean isFault() {
        boolean is = faultsInThousand > 0 && decision(1000) < faultsInThousand;
        if (is) {
            faults.incrementAndGet();
        }
        return is;
    }

    private int decision(int bound) {
        return new SplittableRandom(seed + decisions.incrementAndGet()).nextInt(bound);
    }

    void violated(String what) {
        violation.compareAndSet(null, what);
    }

    int mostOpen(int endpoint) {
        return mostOpen.get(endpoint);
    }

    int mostOpenInAll() {
        return mostOpenInAll.get();
    }

    int openInAll() {
        return openInAll.get();
    }

    @Override
    public Connection create(Integer endpoint, Duration timeout) throws Exception {
        // Counted from the first packet on, as a server would.
        mostOpen.accumulateAndGet(endpoint, open.incrementAndGet(endpoint), Math::max);
        mostOpenInAll.accumulateAndGet(openInAll.incrementAndGet(), Math::max);
        if (isFault()) {
            gone(endpoint);
            switch (decision(3)) {
                case 0 -> throw new IOException("refused");
                case 1 -> throw new StackOverflowError("from the driver");
                default -> {
                    return nothing();
                }
            }
        }
        created.incrementAndGet();
        return new Connection(endpoint);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // the fault is to return null
    private static <T> T nothing() {
        return null;
    }

    private void gone(int endpoint) {
        open.decrementAndGet(endpoint);
        openInAll.decrementAndGet();
    }

    @Override
    public void dispose(Integer endpoint, Connection connection, DisposeReason reason, Duration timeout)
            throws Exception {
        if (connection.disposals.incrementAndGet() != 1) {
            violated("disposed twice");
        }
        if (connection.holder.get() != null && reason != DisposeReason.CLOSED) {
            violated("disposed under its holder because of " + reason);
        }
        disposed.incrementAndGet();
        gone(endpoint);
        if (isFault()) {
            throw new IOException("reset by peer");
        }
    }

    @Override
    public void dispose(Integer endpoint, Connection connection, Duration timeout) {
        throw new AssertionError("the one with a reason is called");
    }

    @Override
    public boolean checkAliveness(Integer endpoint, Connection connection, Duration timeout) throws Exception {
        if (connection.holder.get() != null) {
            violated("checked while leased");
        }
        if (isFault()) {
            throw new IOException("half open");
        }
        return !isFault();
    }

    @Override
    public void onAcquire(Integer endpoint, Connection connection) throws Exception {
        if (isFault()) {
            throw new IOException("cannot be prepared");
        }
    }

    @Override
    public void onRelease(Integer endpoint, Connection connection) throws Exception {
        if (isFault()) {
            throw new IOException("cannot be cleaned");
        }
    }

    @Override
    public CompletionStage<?> resetAsync(Integer endpoint, Connection connection) {
        if (isFault()) {
            return CompletableFuture.runAsync(() -> {
                if (isFault()) {
                    throw new IllegalStateException("drain failed");
                }
            });
        }
        return NO_RESET;
    }

    @Override
    public boolean isTooMany(Integer endpoint, Throwable failure) {
        return "refused".equals(failure.getMessage()) && decision(2) == 0;
    }

    @Override
    public boolean isFatal(Integer endpoint, Connection connection, Throwable failure) {
        return decision(2) == 0;
    }

    @Override
    public void bind(Integer endpoint, Connection connection, ConnectionSignals signals) {
        connection.signals = signals;
    }
}
