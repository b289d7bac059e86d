package io.genericpool.spi;

import io.genericpool.CircuitStats;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides when connection attempts to an endpoint may start: backoff, circuit, rate. The pool asks the governor before
 * each attempt. It reports the outcome of each allowed attempt once. These calls run on the connect executor and never
 * under a lock. One governor serves all endpoints of a pool, and several threads call it at once. When a governor
 * throws, the pool counts a failed hook.
 *
 * <p>The pool remembers an answer other than {@link Verdict.Kind#PROCEED} until its time is over, or until a connection
 * attempt to the endpoint has succeeded. Until then, it does not ask again.
 *
 * <p>A pool uses {@code io.genericpool.core.CircuitGovernor} unless another governor is set. {@link #all} combines
 * several governors.
 *
 * @param <E> the type of endpoints
 */
public interface ConnectGovernor<E> {
    /**
     * Decides whether a connection attempt to the endpoint may start now. When a governor throws, the attempt is
     * allowed.
     *
     * @param endpoint the endpoint
     * @param nowNanos the pool's time in nanoseconds
     * @return the answer
     */
    Verdict beforeConnect(E endpoint, long nowNanos);

    /**
     * An allowed connection attempt has succeeded.
     *
     * @param endpoint the endpoint
     * @param nowNanos the pool's time in nanoseconds
     */
    default void onConnected(E endpoint, long nowNanos) {}

    /**
     * An allowed connection attempt has failed.
     *
     * @param endpoint the endpoint
     * @param nowNanos the pool's time in nanoseconds
     * @param cause the failure
     */
    default void onConnectFailed(E endpoint, long nowNanos, Throwable cause) {}

    /**
     * An allowed connection attempt is not made, because another governor did not allow it. The governor must free
     * whatever it took for the attempt, such as the place of the probe or a token.
     *
     * @param endpoint the endpoint
     * @param nowNanos the pool's time in nanoseconds
     */
    default void onConnectCancelled(E endpoint, long nowNanos) {}

    /**
     * Returns what {@link #beforeConnect} would answer now, without taking anything. The pool asks this after a failed
     * connection attempt. Waiting requests then learn of a refusal at once and need no permit. Must return at once.
     *
     * @param endpoint the endpoint
     * @param nowNanos the pool's time in nanoseconds
     * @return the answer. The default is {@link Verdict#proceed()}, which makes the pool ask before the next attempt
     */
    default Verdict peek(E endpoint, long nowNanos) {
        return Verdict.proceed();
    }

    /**
     * Returns what the governor knows about an endpoint, for statistics. Any thread may call this, never under a lock.
     * Must return at once.
     *
     * @param endpoint the endpoint
     * @param nowNanos the pool's time in nanoseconds
     * @return the snapshot; {@link CircuitStats#closed()} unless overridden
     */
    default CircuitStats circuit(E endpoint, long nowNanos) {
        return CircuitStats.closed();
    }

    /**
     * Registers an observer that receives each change of a circuit from now on. A governor shared by several pools
     * notifies the observers of all of them.
     *
     * @param observer the observer
     * @return an action that removes the observer. By default, the observer receives nothing
     */
    default Runnable observe(CircuitObserver<? super E> observer) {
        return () -> {};
    }

    /**
     * The endpoint has left the pool: it has no connection, request or setting at the moment. This may happen right
     * after its only connection attempt has failed. A governor that forgets the endpoint here therefore has no backoff
     * for a dead endpoint. What the governor keeps should expire by itself.
     *
     * @param endpoint the endpoint
     */
    default void onEndpointRemoved(E endpoint) {}

    /**
     * Forgets what was learnt from failures, such as a pause or an open circuit. An operator asked for this by
     * {@code evict} or {@code resume} of a pool. Guards against too many connection attempts, such as a rate, may stay.
     * Runs on the operator's thread, also for endpoints that the pool does not hold.
     *
     * @param endpoint the endpoint
     */
    default void forget(E endpoint) {}

    /** Does the same as {@link #forget} for every endpoint, for {@code evictAll} of a pool. */
    default void forgetAll() {}

    /**
     * Returns a governor that allows every connection attempt, however many have failed.
     *
     * @param <E> the type of endpoints
     * @return the governor, always the same
     */
    @SuppressWarnings("unchecked") // it does nothing with endpoints
    static <E> ConnectGovernor<E> unlimited() {
        return (ConnectGovernor<E>) UnlimitedGovernor.INSTANCE;
    }

    /**
     * Returns a governor that allows what all given governors allow. The strictest answer counts: a refusal before a
     * wait, and then the longer time. When one governor has allowed an attempt and another has not, the first is told
     * by {@link #onConnectCancelled}.
     *
     * @param first the governor asked first
     * @param others the governors asked next, in this order
     * @param <E> the type of endpoints
     * @return the governor
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is read only
    static <E> ConnectGovernor<E> all(ConnectGovernor<? super E> first, ConnectGovernor<? super E>... others) {
        var governors = new ArrayList<ConnectGovernor<? super E>>(1 + others.length);
        governors.add(Objects.requireNonNull(first, "first"));
        governors.addAll(List.of(others));
        return new CombinedGovernor<>(governors);
    }

    /** The answer of a governor. */
    final class Verdict {
        private static final Verdict PROCEED = new Verdict(Kind.PROCEED, Duration.ZERO, null);

        private final Kind kind;
        private final Duration delay;
        private final @Nullable Throwable cause;

        private Verdict(Kind kind, Duration delay, @Nullable Throwable cause) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay must not be negative, but is " + Nanos.text(delay));
            }
            this.kind = Objects.requireNonNull(kind, "kind");
            this.delay = delay;
            this.cause = cause;
        }

        /**
         * Returns the answer that the connection attempt may start.
         *
         * @return the answer
         */
        public static Verdict proceed() {
            return PROCEED;
        }

        /**
         * Returns the answer that no connection attempt may start within the given time. Requests wait, unless their
         * deadlines come earlier.
         *
         * @param delay the time from now
         * @return the answer
         */
        public static Verdict waitFor(Duration delay) {
            return waitFor(delay, null);
        }

        /**
         * Returns the answer of {@link #waitFor(Duration)}, with a reason. A request whose deadline comes before the
         * end of the time fails at once with this reason as its cause, unless something else may serve it.
         *
         * @param delay the time from now
         * @param cause the reason, or null
         * @return the answer
         */
        public static Verdict waitFor(Duration delay, @Nullable Throwable cause) {
            return new Verdict(Kind.WAIT, delay, cause);
        }

        /**
         * Returns the answer that no connection attempt may start within the given time, and that requests fail fast.
         * New and waiting requests fail at once with {@code EndpointUnavailableException}, unless something else may
         * still serve them. That is a connection attempt in flight for them, or a connection of the endpoint that is
         * returned.
         *
         * @param delay the time from now
         * @param cause the reason, or null
         * @return the answer
         */
        public static Verdict refuseFor(Duration delay, @Nullable Throwable cause) {
            return new Verdict(Kind.REFUSE, delay, cause);
        }

        /**
         * Returns the kind of this answer.
         *
         * @return the kind
         */
        public Kind kind() {
            return kind;
        }

        /**
         * Returns the time, from now, during which no connection attempt may start.
         *
         * @return the time, zero for {@link Kind#PROCEED}
         */
        public Duration delay() {
            return delay;
        }

        /**
         * Returns the reason why the endpoint is refused or requests must wait.
         *
         * @return the cause, or null
         */
        public @Nullable Throwable cause() {
            return cause;
        }

        /** The kinds of answers. */
        public enum Kind {
            /** The connection attempt may start. */
            PROCEED,
            /** Requests wait. */
            WAIT,
            /** Requests fail. */
            REFUSE
        }
    }
}
