package io.genericpool.replay.recording;

import io.genericpool.support.Nanos;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pool was asked for and what happened to its connections: a row per acquire in the order of the requests, a row per
 * connection attempt, and a row per connection that its pool did not close by itself. Times are in nanoseconds since the
 * first event. Immutable.
 */
public final class Recording {
    /** How an acquire ended. */
    public enum Outcome {
        /** With a lease, which was released. */
        RELEASED,
        /** With a lease, which was invalidated. */
        INVALIDATED,
        /** By its timeout. */
        TIMED_OUT,
        /** In any other way without a lease. */
        FAILED;

        /**
         * Tells whether there was a lease.
         *
         * @return true for the first two
         */
        public boolean isLease() {
            return this == RELEASED || this == INVALIDATED;
        }
    }

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final String pool;
    private final @Nullable Knobs knobs;
    private final List<String> endpoints;
    private final Columns acquires;
    private final Columns connects;
    private final Columns deaths;
    private final long dropped;
    private final long openLeases;

    Recording(RecordingBuilder builder, Columns acquires, Columns connects, Columns deaths) {
        this.pool = builder.pool;
        this.knobs = builder.knobs;
        this.endpoints = List.copyOf(builder.labels);
        this.acquires = acquires;
        this.connects = connects;
        this.deaths = deaths;
        this.dropped = builder.dropped;
        this.openLeases = builder.openLeases;
    }

    /**
     * The name of the pool.
     *
     * @return the name
     */
    public String pool() {
        return pool;
    }

    /**
     * The knobs of the pool, if they are known.
     *
     * @return the knobs
     */
    public Optional<Knobs> knobs() {
        return Optional.ofNullable(knobs);
    }

    /**
     * The labels of the endpoints, which may be hashes. The other methods tell an endpoint by its place in this list.
     *
     * @return the labels
     */
    public List<String> endpoints() {
        return endpoints;
    }

    /**
     * The number of acquires.
     *
     * @return 1 or more
     */
    public int size() {
        return acquires.size();
    }

    /**
     * The number of events that the recording left out to keep its bounds.
     *
     * @return the number
     */
    public long dropped() {
        return dropped;
    }

    /**
     * The number of leases that had not ended when the recording did. They are not in it.
     *
     * @return the number
     */
    public long openLeases() {
        return openLeases;
    }

    /**
     * When a request was made.
     *
     * @param acquire its number
     * @return nanoseconds since the first event
     */
    public long requestedAt(int acquire) {
        return acquires.get(acquire, RecordingBuilder.AT);
    }

    /**
     * The endpoint of a request.
     *
     * @param acquire its number
     * @return the place in {@link #endpoints}
     */
    public int endpoint(int acquire) {
        return (int) acquires.get(acquire, RecordingBuilder.ENDPOINT);
    }

    /**
     * The time until the pool gave a connection away to the request, or until the request failed.
     *
     * @param acquire its number
     * @return nanoseconds
     */
    public long waited(int acquire) {
        return acquires.get(acquire, RecordingBuilder.WAITED);
    }

    /**
     * The time that the requester then took to run.
     *
     * @param acquire its number
     * @return nanoseconds
     */
    public long handOver(int acquire) {
        return acquires.get(acquire, RecordingBuilder.HAND_OVER);
    }

    /**
     * The time for which the connection was held, from the moment it was given away. It includes the hand-over.
     *
     * @param acquire its number
     * @return nanoseconds, 0 without a lease
     */
    public long held(int acquire) {
        return acquires.get(acquire, RecordingBuilder.HELD);
    }

    /**
     * The thread that made the request.
     *
     * @param acquire its number
     * @return the number of the thread
     */
    public long requester(int acquire) {
        return acquires.get(acquire, RecordingBuilder.REQUESTER);
    }

    /**
     * How an acquire ended.
     *
     * @param acquire its number
     * @return the outcome
     */
    public Outcome outcome(int acquire) {
        return OUTCOMES[(int) acquires.get(acquire, RecordingBuilder.OUTCOME)];
    }

    /**
     * The number of connection attempts.
     *
     * @return the number
     */
    public int connects() {
        return connects.size();
    }

    /**
     * When a connection attempt began. They are in this order.
     *
     * @param connect its number
     * @return nanoseconds since the first event
     */
    public long connectBeganAt(int connect) {
        return connects.get(connect, 0);
    }

    /**
     * The endpoint of a connection attempt.
     *
     * @param connect its number
     * @return the place in {@link #endpoints}
     */
    public int connectEndpoint(int connect) {
        return (int) connects.get(connect, 1);
    }

    /**
     * How long a connection attempt took.
     *
     * @param connect its number
     * @return nanoseconds
     */
    public long connectTook(int connect) {
        return connects.get(connect, 2);
    }

    /**
     * Tells whether a connection attempt gave a connection.
     *
     * @param connect its number
     * @return false for one that failed
     */
    public boolean isConnected(int connect) {
        return connects.get(connect, 3) != 0;
    }

    /**
     * The number of connections that died or were evicted.
     *
     * @return the number
     */
    public int deaths() {
        return deaths.size();
    }

    /**
     * When a connection died. They are in this order.
     *
     * @param death its number
     * @return nanoseconds since the first event
     */
    public long diedAt(int death) {
        return deaths.get(death, 0);
    }

    /**
     * The endpoint of a connection that died.
     *
     * @param death its number
     * @return the place in {@link #endpoints}
     */
    public int deathEndpoint(int death) {
        return (int) deaths.get(death, 1);
    }

    /**
     * The age of a connection that died.
     *
     * @param death its number
     * @return nanoseconds
     */
    public long ageAtDeath(int death) {
        return deaths.get(death, 2);
    }

    /**
     * Tells whether the connection was evicted, so that it goes when it is not leased, rather than dead.
     *
     * @param death its number
     * @return true after an eviction
     */
    public boolean isEviction(int death) {
        return deaths.get(death, 3) != 0;
    }

    /**
     * The time from the first request to the last event of an acquire.
     *
     * @return nanoseconds
     */
    public long span() {
        long end = 0;
        for (int i = 0; i < size(); i++) {
            end = Math.max(end, requestedAt(i) + waited(i) + held(i));
        }
        return end - requestedAt(0);
    }

    /**
     * How long the acquires waited, hand-over included.
     *
     * @return the distribution
     */
    public Waits waits() {
        var waits = new long[size()];
        var failed = new BitSet();
        for (int i = 0; i < waits.length; i++) {
            waits[i] = waited(i) + handOver(i);
            failed.set(i, !outcome(i).isLease());
        }
        return Waits.of(waits, failed);
    }

    @Override
    public String toString() {
        return "Recording[" + pool + ", " + size() + " acquires in " + Nanos.text(span()) + "]";
    }
}
