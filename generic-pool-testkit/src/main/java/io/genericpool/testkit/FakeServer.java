package io.genericpool.testkit;

import io.genericpool.DisposeReason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The server behind a {@link ScriptedManager}. It counts connections as a server does, independently of the pool. A
 * connection counts from the start of its create until the create has failed or the disposal has ended. Any thread may
 * call all methods. Each answer is exact for some moment of the call.
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
     * The number of connections that are open or being opened.
     *
     * @param endpoint the endpoint
     * @return the number
     */
    public synchronized int open(E endpoint) {
        return counts(endpoint).open;
    }

    /**
     * The number of connections to all endpoints that are open or being opened.
     *
     * @return the number
     */
    public synchronized int open() {
        return total.open;
    }

    /**
     * The largest number of connections that were ever open or being opened at once.
     *
     * @param endpoint the endpoint
     * @return the number
     */
    public synchronized int maxOpen(E endpoint) {
        return counts(endpoint).maxOpen;
    }

    /**
     * The largest number of connections to all endpoints that were ever open or being opened at once.
     *
     * @return the number
     */
    public synchronized int maxOpen() {
        return total.maxOpen;
    }

    /**
     * The number of creates started.
     *
     * @param endpoint the endpoint
     * @return the number
     */
    public synchronized long createsStarted(E endpoint) {
        return counts(endpoint).started;
    }

    /**
     * The number of creates started, for all endpoints.
     *
     * @return the number
     */
    public synchronized long createsStarted() {
        return total.started;
    }

    /**
     * The number of connections created.
     *
     * @param endpoint the endpoint
     * @return the number
     */
    public synchronized long created(E endpoint) {
        return counts(endpoint).created;
    }

    /**
     * The number of connections created, for all endpoints.
     *
     * @return the number
     */
    public synchronized long created() {
        return total.created;
    }

    /**
     * The number of connections whose disposal has ended, whether it succeeded or not.
     *
     * @param endpoint the endpoint
     * @return the number
     */
    public synchronized long disposed(E endpoint) {
        return counts(endpoint).disposed;
    }

    /**
     * The number of connections whose disposal has ended, for all endpoints.
     *
     * @return the number
     */
    public synchronized long disposed() {
        return total.disposed;
    }

    /**
     * The number of connections whose disposal for the given reason has ended.
     *
     * @param reason the reason
     * @return the number
     */
    public synchronized long disposed(DisposeReason reason) {
        return reasons.getOrDefault(reason, 0L);
    }

    /**
     * The number of disposals of connections that were already disposed. Each is a violation.
     *
     * @return the number
     */
    public synchronized long doubleDisposals() {
        return doubleDisposals;
    }

    /**
     * The number of disposals of objects that this server never created. Each is a violation.
     *
     * @return the number
     */
    public synchronized long unknownDisposals() {
        return unknownDisposals;
    }

    /**
     * The connections that were created and whose disposal has not ended, oldest first.
     *
     * @param endpoint the endpoint
     * @return a copy
     */
    public synchronized List<FakeConnection<E>> connections(E endpoint) {
        return List.copyOf(counts(endpoint).connections);
    }

    /**
     * Starts a new generation. Connection attempts that start from now on belong to it. Call this right before
     * {@code evict}. A test can then tell by {@link FakeConnection#generation()} that no older connection is reused.
     *
     * @return the new generation
     */
    public synchronized long newGeneration() {
        return ++generation;
    }

    /**
     * The current generation.
     *
     * @return 0 at first
     */
    public synchronized long generation() {
        return generation;
    }

    /**
     * Breaks all connections to an endpoint, like a server that crashes. The connections signal their death.
     *
     * @param endpoint the endpoint
     */
    public void crash(E endpoint) {
        connections(endpoint).forEach(FakeConnection::breakFromServer);
    }

    /**
     * Checks that the limits were never exceeded.
     *
     * @param maxSize the maximum number of connections per endpoint
     * @param totalMaxSize the maximum number of connections of all endpoints together
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
     * @throws AssertionError when one is not, or was disposed more than once
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
