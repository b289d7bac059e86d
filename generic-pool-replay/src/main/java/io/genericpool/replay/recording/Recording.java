package io.genericpool.replay.recording;

import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private Recording(Builder builder, Columns acquires, Columns connects, Columns deaths) {
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
        return acquires.get(acquire, Builder.AT);
    }

    /**
     * The endpoint of a request.
     *
     * @param acquire its number
     * @return the place in {@link #endpoints}
     */
    public int endpoint(int acquire) {
        return (int) acquires.get(acquire, Builder.ENDPOINT);
    }

    /**
     * The time until the pool gave a connection away to the request, or until the request failed.
     *
     * @param acquire its number
     * @return nanoseconds
     */
    public long waited(int acquire) {
        return acquires.get(acquire, Builder.WAITED);
    }

    /**
     * The time that the requester then took to run.
     *
     * @param acquire its number
     * @return nanoseconds
     */
    public long handOver(int acquire) {
        return acquires.get(acquire, Builder.HAND_OVER);
    }

    /**
     * The time for which the connection was held, from the moment it was given away. It includes the hand-over.
     *
     * @param acquire its number
     * @return nanoseconds, 0 without a lease
     */
    public long held(int acquire) {
        return acquires.get(acquire, Builder.HELD);
    }

    /**
     * The thread that made the request.
     *
     * @param acquire its number
     * @return the number of the thread
     */
    public long requester(int acquire) {
        return acquires.get(acquire, Builder.REQUESTER);
    }

    /**
     * How an acquire ended.
     *
     * @param acquire its number
     * @return the outcome
     */
    public Outcome outcome(int acquire) {
        return OUTCOMES[(int) acquires.get(acquire, Builder.OUTCOME)];
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
        for (int i = 0; i < waits.length; i++) {
            waits[i] = waited(i) + handOver(i);
        }
        return Waits.of(waits);
    }

    @Override
    public String toString() {
        return "Recording[" + pool + ", " + size() + " acquires in " + Nanos.text(span()) + "]";
    }

    /** Puts a recording together from events in any order. Times may have any origin, the same for all. Not thread-safe. */
    public static final class Builder {
        private static final int AT = 0;
        private static final int ENDPOINT = 1;
        private static final int WAITED = 2;
        private static final int HAND_OVER = 3;
        private static final int HELD = 4;
        private static final int REQUESTER = 5;
        private static final int OUTCOME = 6;

        private final String pool;
        private @Nullable Knobs knobs;
        private final List<String> labels = new ArrayList<>();
        private final Map<String, Integer> places = new HashMap<>();
        private final Columns acquires = new Columns(7);
        private final Columns connects = new Columns(4);
        private final Columns deaths = new Columns(4);
        private long dropped;
        private long openLeases;

        /**
         * Begins an empty recording.
         *
         * @param pool the name of the pool
         */
        public Builder(String pool) {
            this.pool = pool;
        }

        /**
         * Sets the knobs of the pool.
         *
         * @param value the knobs
         */
        public void knobs(Knobs value) {
            knobs = value;
        }

        /**
         * Finds or adds an endpoint.
         *
         * @param label its label
         * @return its place
         */
        public int endpoint(String label) {
            return places.computeIfAbsent(label, key -> {
                labels.add(key);
                return labels.size() - 1;
            });
        }

        /**
         * Adds a lease.
         *
         * @param endpoint the place of its endpoint
         * @param endedAt when it ended
         * @param times waited, hand-over and held, in nanoseconds
         * @param requester the thread that asked for it
         * @param isInvalidated whether it was invalidated
         */
        @SuppressWarnings("EnumOrdinal") // kept in memory only, and read by the same enum
        public void lease(int endpoint, long endedAt, long[] times, long requester, boolean isInvalidated) {
            Outcome outcome = isInvalidated ? Outcome.INVALIDATED : Outcome.RELEASED;
            acquires.add(
                    endedAt - times[2] - times[0],
                    endpoint,
                    times[0],
                    times[1],
                    times[2],
                    requester,
                    outcome.ordinal());
        }

        /**
         * Adds an acquire without a lease.
         *
         * @param endpoint the place of its endpoint
         * @param endedAt when it ended
         * @param waited how long it took
         * @param requester the thread that asked
         * @param isTimeout whether it timed out
         */
        @SuppressWarnings("EnumOrdinal") // kept in memory only, and read by the same enum
        public void failure(int endpoint, long endedAt, long waited, long requester, boolean isTimeout) {
            Outcome outcome = isTimeout ? Outcome.TIMED_OUT : Outcome.FAILED;
            acquires.add(endedAt - waited, endpoint, waited, 0, 0, requester, outcome.ordinal());
        }

        /**
         * Adds a connection attempt.
         *
         * @param endpoint the place of its endpoint
         * @param endedAt when it ended
         * @param took how long it took
         * @param isConnected whether it gave a connection
         */
        public void connect(int endpoint, long endedAt, long took, boolean isConnected) {
            connects.add(endedAt - took, endpoint, took, isConnected ? 1 : 0);
        }

        /**
         * Adds a connection that died or was evicted.
         *
         * @param endpoint the place of its endpoint
         * @param at when
         * @param age its age then
         * @param isEviction whether it was evicted
         */
        public void death(int endpoint, long at, long age, boolean isEviction) {
            deaths.add(at, endpoint, age, isEviction ? 1 : 0);
        }

        /**
         * Adds to the number of events that were left out.
         *
         * @param events how many
         */
        public void dropped(long events) {
            dropped += events;
        }

        /**
         * Sets the number of leases that had not ended.
         *
         * @param leases how many
         */
        public void openLeases(long leases) {
            openLeases = leases;
        }

        /**
         * Puts all in order.
         *
         * @return the recording
         * @throws RecordingException when it holds no acquire
         */
        public Recording build() {
            if (acquires.size() == 0) {
                throw new RecordingException("the recording of pool " + pool + " holds no acquires");
            }
            long origin = Long.MAX_VALUE;
            for (Columns each : List.of(acquires, connects, deaths)) {
                for (int i = 0; i < each.size(); i++) {
                    origin = Math.min(origin, each.get(i, AT));
                }
            }
            for (Columns each : List.of(acquires, connects, deaths)) {
                for (int i = 0; i < each.size(); i++) {
                    each.set(i, AT, each.get(i, AT) - origin);
                }
            }
            return new Recording(this, acquires.sortedBy(AT), connects.sortedBy(AT), deaths.sortedBy(AT));
        }
    }
}
