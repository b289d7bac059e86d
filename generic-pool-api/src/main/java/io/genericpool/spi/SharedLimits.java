package io.genericpool.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Limits that several processes share. A pool asks for a <em>share</em> of each endpoint: the number of connections, in
 * any state, that it may have there. It opens a connection only within its share. An acquire of an idle connection asks
 * nothing.
 *
 * <p>Set it by {@code ConnectionPoolBuilder.sharedLimits}. {@code io.genericpool.fleet.FleetLimits} is the
 * implementation for a fleet of processes. One object may serve several pools, each through a session of its own.
 *
 * @param <E> the type of endpoints
 */
public interface SharedLimits<E> {
    /**
     * Opens the session of a pool. The builder calls this once per pool, before the first request. Must not wait: a
     * session that cannot reach the others yet opens all the same and says so by {@link Holder#reachable}.
     *
     * @param pool the pool
     * @return the session
     */
    Session<E> open(Holder<E> pool);

    /**
     * What a pool tells. It calls these methods on any of its threads, without a lock. Calls about one endpoint do not
     * overlap. The methods must return at once.
     *
     * @param <E> the type of endpoints
     */
    interface Session<E> {
        /**
         * The pool's numbers at an endpoint have changed. They are absolute.
         *
         * @param endpoint the endpoint; null for the pool as a whole
         * @param demand the numbers
         */
        void demand(@Nullable E endpoint, Demand demand);

        /**
         * The pool does not have an endpoint: the endpoint has left it, or a share came too late. It has no connection
         * there and wants none. Its share is zero from now on.
         *
         * @param endpoint the endpoint
         * @param version the version of the last share that this takes into account; 0 if there was none
         */
        void gone(E endpoint, long version);

        /**
         * The pool is closed. Shares go back as the pool reports smaller numbers, which it may do after this call:
         * connections that could not be disposed in time still count. The session ends by itself when all are gone.
         *
         * @param timeout how long to try to give back what is left
         * @return a stage that completes when the session has ended, or when the timeout has passed
         */
        CompletionStage<?> close(Duration timeout);
    }

    /**
     * A pool, as its session sees it. Any thread may call these methods, with no lock held. They return at once.
     *
     * @param <E> the type of endpoints
     */
    interface Holder<E> {
        /**
         * Returns the name of the pool, for logs and errors.
         *
         * @return the name
         */
        String name();

        /**
         * Returns the clock of the pool.
         *
         * @return the clock
         */
        PoolClock clock();

        /**
         * Returns the label of an endpoint, for logs and errors.
         *
         * @param endpoint the endpoint
         * @return the label
         */
        String label(E endpoint);

        /**
         * Sets the pool's share. Until the first call, the share of an endpoint is zero, and the pool as a whole has
         * only its own limit. A share with a version that is not above the last one of this endpoint is ignored. The
         * pool answers with {@link Session#demand}, or with {@link Session#gone} if it does not have the endpoint. The
         * answer carries the version.
         *
         * @param endpoint the endpoint; null for the pool as a whole
         * @param share the share
         */
        void share(@Nullable E endpoint, Share share);

        /**
         * Tells whether the other processes can be reached, for statistics and errors.
         *
         * @param reachable whether they can
         * @param why why not, or null
         */
        void reachable(boolean reachable, @Nullable Throwable why);
    }

    /** What a pool gives up to come down to a smaller share. */
    enum Giving {
        /** Only what it does not use: its share stays at least the number of its connections. */
        UNUSED,
        /** Also idle connections, which it closes at once. Leased ones stay within its share. */
        IDLE,
        /** Everything beyond the share: idle connections at once, leased ones at their release. */
        ALL
    }

    /** How many connections a pool may have. Immutable. */
    final class Share {
        private final long version;
        private final int connections;
        private final Giving giving;
        private final int cap;
        private final int waiting;
        private final @Nullable Throwable problem;

        /**
         * Makes a share.
         *
         * @param version a number that rises with each share of this endpoint
         * @param connections how many connections in all states; at least 0
         * @param giving what the pool gives up when it has more
         * @param cap what all processes together may have, for errors; at least 0
         * @param waiting how many processes wait for a larger share, for errors; at least 0
         * @param problem why the share is not larger, when that is an error; else null
         * @throws IllegalArgumentException if a number is negative
         */
        public Share(long version, int connections, Giving giving, int cap, int waiting, @Nullable Throwable problem) {
            this.version = version;
            this.connections = notNegative("connections", connections);
            this.giving = Objects.requireNonNull(giving, "giving");
            this.cap = notNegative("cap", cap);
            this.waiting = notNegative("waiting", waiting);
            this.problem = problem;
        }

        /**
         * Returns the version.
         *
         * @return a number that rises with each share of an endpoint
         */
        public long version() {
            return version;
        }

        /**
         * Returns how many connections the pool may have, in all states.
         *
         * @return the number
         */
        public int connections() {
            return connections;
        }

        /**
         * Returns what the pool gives up when it has more.
         *
         * @return what it gives up
         */
        public Giving giving() {
            return giving;
        }

        /**
         * Returns what all processes together may have.
         *
         * @return the cap
         */
        public int cap() {
            return cap;
        }

        /**
         * Returns how many processes wait for a larger share.
         *
         * @return the number
         */
        public int waiting() {
            return waiting;
        }

        /**
         * Returns why the share is not larger, when that is an error.
         *
         * @return the error, or null
         */
        public @Nullable Throwable problem() {
            return problem;
        }

        @Override
        public String toString() {
            return connections + " of " + cap + " (version " + version + ", giving " + giving + ", " + waiting
                    + " waiting)";
        }
    }

    /** What a pool has and wants at an endpoint. Immutable. */
    final class Demand {
        private final long version;
        private final int share;
        private final int held;
        private final int wanted;
        private final int nice;

        /**
         * Makes a demand.
         *
         * @param version the version of the last share that these numbers take into account; 0 before the first
         * @param share the share that the pool keeps to from now on, never above the one it was told; 0 once the pool
         *     is closed
         * @param held its connections in all states, those of abandoned calls included
         * @param wanted how many connections it wants for requests; those that it has for them included
         * @param nice how many it would like beyond that, for {@code minIdle} and warm-up
         * @throws IllegalArgumentException if a number is negative
         */
        public Demand(long version, int share, int held, int wanted, int nice) {
            this.version = version;
            this.share = notNegative("share", share);
            this.held = notNegative("held", held);
            this.wanted = notNegative("wanted", wanted);
            this.nice = notNegative("nice", nice);
        }

        /**
         * Returns the version of the last share that these numbers take into account.
         *
         * @return the version; 0 before the first share
         */
        public long version() {
            return version;
        }

        /**
         * Returns the share that the pool keeps to.
         *
         * @return the share
         */
        public int share() {
            return share;
        }

        /**
         * Returns its connections in all states, those of abandoned calls included.
         *
         * @return the number
         */
        public int held() {
            return held;
        }

        /**
         * Returns how many connections it wants for requests, those that it has for them included.
         *
         * @return the number
         */
        public int wanted() {
            return wanted;
        }

        /**
         * Returns how many connections it would like beyond {@link #wanted}, for {@code minIdle} and warm-up.
         *
         * @return the number
         */
        public int nice() {
            return nice;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Demand o
                    && version == o.version
                    && share == o.share
                    && held == o.held
                    && wanted == o.wanted
                    && nice == o.nice;
        }

        @Override
        public int hashCode() {
            return Objects.hash(version, share, held, wanted, nice);
        }

        @Override
        public String toString() {
            return "holds " + held + " of " + share + ", wants " + wanted + " and " + nice + " more (version " + version
                    + ")";
        }
    }

    private static int notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but is " + value);
        }
        return value;
    }
}
