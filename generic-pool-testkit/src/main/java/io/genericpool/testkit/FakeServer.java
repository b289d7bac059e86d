package io.genericpool.testkit;

import io.genericpool.DisposeReason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The other side of a {@link ScriptedManager}: counts connections as a server does, from the beginning of a create to
 * the end of its failure or of the connection's disposal. It does not believe the pool's own count. All methods may be
 * called from any thread; each answer is exact for some moment of the call.
 *
 * @param <E> the type of endpoints
 */
public final class FakeServer<E> {
    private final Map<E, Counts<E>> endpoints = new HashMap<>();
    private final Counts<E> total = new Counts<>();
    private final Map<DisposeReason, Long> reasons = new EnumMap<>(DisposeReason.class);
    private long doubleDisposals;
    private long unknownDisposals;
    private long ids;
    private long generation;

    FakeServer() {}

    /**
     * Connections that are open or being opened.
     *
     * @param endpoint where to
     * @return the number
     */
    public synchronized int open(E endpoint) {
        return counts(endpoint).open;
    }

    /**
     * Connections that are open or being opened, to all endpoints.
     *
     * @return the number
     */
    public synchronized int open() {
        return total.open;
    }

    /**
     * The most connections that were ever open or being opened at once.
     *
     * @param endpoint where to
     * @return the number
     */
    public synchronized int maxOpen(E endpoint) {
        return counts(endpoint).maxOpen;
    }

    /**
     * The most connections that were ever open or being opened at once, to all endpoints.
     *
     * @return the number
     */
    public synchronized int maxOpen() {
        return total.maxOpen;
    }

    /**
     * Creates begun.
     *
     * @param endpoint where to
     * @return the number
     */
    public synchronized long createsStarted(E endpoint) {
        return counts(endpoint).started;
    }

    /**
     * Creates begun, to all endpoints.
     *
     * @return the number
     */
    public synchronized long createsStarted() {
        return total.started;
    }

    /**
     * Connections made.
     *
     * @param endpoint where to
     * @return the number
     */
    public synchronized long created(E endpoint) {
        return counts(endpoint).created;
    }

    /**
     * Connections made, to all endpoints.
     *
     * @return the number
     */
    public synchronized long created() {
        return total.created;
    }

    /**
     * Connections whose disposal has ended, well or not.
     *
     * @param endpoint where to
     * @return the number
     */
    public synchronized long disposed(E endpoint) {
        return counts(endpoint).disposed;
    }

    /**
     * Connections whose disposal has ended, to all endpoints.
     *
     * @return the number
     */
    public synchronized long disposed() {
        return total.disposed;
    }

    /**
     * Connections whose disposal for some reason has ended.
     *
     * @param reason the reason
     * @return the number
     */
    public synchronized long disposed(DisposeReason reason) {
        return reasons.getOrDefault(reason, 0L);
    }

    /**
     * Disposals of a connection that was disposed already. A violation.
     *
     * @return the number
     */
    public synchronized long doubleDisposals() {
        return doubleDisposals;
    }

    /**
     * Disposals of something this server never made. A violation.
     *
     * @return the number
     */
    public synchronized long unknownDisposals() {
        return unknownDisposals;
    }

    /**
     * The connections that were made and whose disposal has not ended, oldest first.
     *
     * @param endpoint where to
     * @return a copy
     */
    public synchronized List<FakeConnection<E>> connections(E endpoint) {
        return List.copyOf(counts(endpoint).connections);
    }

    /**
     * Begins a new generation: connects that begin from now on are of it. To be called right before {@code evict}, so
     * that a test can tell by {@link FakeConnection#generation()} that no older connection is handed out any more.
     *
     * @return the generation
     */
    public synchronized long newGeneration() {
        return ++generation;
    }

    /**
     * The present generation.
     *
     * @return 0 at first
     */
    public synchronized long generation() {
        return generation;
    }

    /**
     * Breaks all connections to an endpoint, as a server does that goes down; they signal their death.
     *
     * @param endpoint where to
     */
    public void crash(E endpoint) {
        connections(endpoint).forEach(FakeConnection::breakFromServer);
    }

    /**
     * Checks that the limits were never exceeded.
     *
     * @param maxSize how many connections an endpoint may have had at once
     * @param totalMaxSize how many all endpoints together may have had at once
     * @throws AssertionError when there were more
     */
    public synchronized void assertWithin(int maxSize, int totalMaxSize) {
        endpoints.forEach((endpoint, counts) -> {
            if (counts.maxOpen > maxSize) {
                throw new AssertionError(
                        "endpoint " + endpoint + " had " + counts.maxOpen + " connections, maxSize is " + maxSize);
            }
        });
        if (total.maxOpen > totalMaxSize) {
            throw new AssertionError(
                    "there were " + total.maxOpen + " connections in all, totalMaxSize is " + totalMaxSize);
        }
    }

    /**
     * Checks that no connection is open or being opened, and that each was disposed once.
     *
     * @throws AssertionError when that is not so
     */
    public synchronized void assertAllClosed() {
        if (total.open != 0 || total.created != total.disposed || doubleDisposals + unknownDisposals > 0) {
            throw new AssertionError("not everything was closed once: " + this);
        }
    }

    @Override
    public synchronized String toString() {
        return "FakeServer[open=" + total.open + ", maxOpen=" + total.maxOpen + ", createsStarted=" + total.started
                + ", created=" + total.created + ", disposed=" + total.disposed + " " + reasons + ", doubleDisposals="
                + doubleDisposals + ", unknownDisposals=" + unknownDisposals + "]";
    }

    /** A create begins; the answer is the generation its connection will be of. */
    synchronized long connecting(E endpoint) {
        counts(endpoint).connecting();
        total.connecting();
        return generation;
    }

    synchronized void connectFailed(E endpoint) {
        counts(endpoint).open--;
        total.open--;
    }

    synchronized long nextId() {
        return ++ids;
    }

    synchronized void connected(FakeConnection<E> connection) {
        var counts = counts(connection.endpoint());
        counts.created++;
        counts.connections.add(connection);
        total.created++;
    }

    synchronized void disconnected(FakeConnection<E> connection, DisposeReason reason) {
        var counts = counts(connection.endpoint());
        counts.open--;
        counts.disposed++;
        counts.connections.remove(connection);
        total.open--;
        total.disposed++;
        reasons.merge(reason, 1L, Long::sum);
    }

    synchronized void disposedTwice() {
        doubleDisposals++;
    }

    synchronized void disposedUnknown() {
        unknownDisposals++;
    }

    private Counts<E> counts(E endpoint) {
        return endpoints.computeIfAbsent(endpoint, absent -> new Counts<>());
    }

    /** What is counted for one endpoint, or for all. */
    private static final class Counts<E> {
        final Set<FakeConnection<E>> connections = new LinkedHashSet<>();
        int open;
        int maxOpen;
        long started;
        long created;
        long disposed;

        void connecting() {
            started++;
            open++;
            maxOpen = Math.max(maxOpen, open);
        }
    }
}
