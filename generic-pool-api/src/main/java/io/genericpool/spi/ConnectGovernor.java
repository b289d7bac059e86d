package io.genericpool.spi;

import io.genericpool.CircuitStats;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides when an endpoint may be connected to: backoff, circuit, rate. The pool asks it before each connect and tells
 * it once how each connect that was allowed has ended, on the connect executor and never under a lock. One governor
 * serves all endpoints of a pool and is called by several threads at once. What it throws is counted as a failed hook.
 *
 * <p>The pool remembers an answer other than {@link Verdict.Kind#PROCEED} until its time is over or a connect to the
 * endpoint has succeeded, and asks nothing meanwhile.
 *
 * <p>{@code io.genericpool.core.CircuitGovernor} is what a pool has unless it is given another one; {@link #all} puts
 * several together.
 *
 * @param <E> the type of endpoints
 */
public interface ConnectGovernor<E> {
    /**
     * May a connect to the endpoint start now? A governor that throws is taken for one that allows it.
     *
     * @param endpoint where to
     * @param nowNanos the pool's time in nanoseconds
     * @return the answer
     */
    Verdict beforeConnect(E endpoint, long nowNanos);

    /**
     * A connect that was allowed has succeeded.
     *
     * @param endpoint where to
     * @param nowNanos the pool's time in nanoseconds
     */
    default void onConnected(E endpoint, long nowNanos) {}

    /**
     * A connect that was allowed has failed.
     *
     * @param endpoint where to
     * @param nowNanos the pool's time in nanoseconds
     * @param cause why
     */
    default void onConnectFailed(E endpoint, long nowNanos, Throwable cause) {}

    /**
     * A connect that was allowed is not made after all: another governor is against it. Whatever was taken for it (the
     * place of the probe, a token) is free again.
     *
     * @param endpoint where to
     * @param nowNanos the pool's time in nanoseconds
     */
    default void onConnectCancelled(E endpoint, long nowNanos) {}

    /**
     * What {@link #beforeConnect} would answer now, without taking anything. The pool asks this after a connect has failed,
     * so that those who wait hear of a refusal at once, and without a permit. Must return at once.
     *
     * @param endpoint where to
     * @param nowNanos the pool's time in nanoseconds
     * @return the answer; {@link Verdict#proceed()}, unless overridden, which has the pool ask for the next connect
     */
    default Verdict peek(E endpoint, long nowNanos) {
        return Verdict.proceed();
    }

    /**
     * What is known of an endpoint, for statistics; called on any thread, never under a lock. Must return at once.
     *
     * @param endpoint which
     * @param nowNanos the pool's time in nanoseconds
     * @return the snapshot; {@link CircuitStats#closed()} unless overridden
     */
    default CircuitStats circuit(E endpoint, long nowNanos) {
        return CircuitStats.closed();
    }

    /**
     * Has an observer told of each change of a circuit from now on. A governor that several pools share tells the
     * observers of all of them.
     *
     * @param observer is told
     * @return ends that, when it is run; unless overridden, nothing is ever told
     */
    default Runnable observe(CircuitObserver<? super E> observer) {
        return () -> {};
    }

    /**
     * The endpoint has left the pool: it has no connection, request or setting at the moment. That may be right after its
     * only connect has failed, so a governor that forgets the endpoint here has no backoff for a dead one; what it keeps
     * should expire by itself.
     *
     * @param endpoint where to
     */
    default void onEndpointRemoved(E endpoint) {}

    /**
     * An operator wants the endpoint to be connected to as if nothing had happened before: {@code evict} or {@code resume}
     * of a pool. What was learnt from failures (a pause, an open circuit) is forgotten; what guards the endpoint from too
     * many connects (a rate) need not be. Called on the operator's thread, also for endpoints that the pool does not hold.
     *
     * @param endpoint where to
     */
    default void forget(E endpoint) {}

    /** As {@link #forget}, for every endpoint: {@code evictAll} of a pool. */
    default void forgetAll() {}

    /**
     * A governor that allows everything: connects are made as they are needed, however many have failed.
     *
     * @param <E> the type of endpoints
     * @return the governor, always the same
     */
    @SuppressWarnings("unchecked") // it does nothing with endpoints
    static <E> ConnectGovernor<E> unlimited() {
        return (ConnectGovernor<E>) UnlimitedGovernor.INSTANCE;
    }

    /**
     * A governor that allows what all of several allow. Of answers against a connect the strictest counts: a refusal more
     * than a wait, then the longer one. A governor that has allowed what another one does not is told by
     * {@link #onConnectCancelled}.
     *
     * @param first asked first
     * @param others asked next, in this order
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

    /** A governor's answer. */
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
         * The connect may start.
         *
         * @return the answer
         */
        public static Verdict proceed() {
            return PROCEED;
        }

        /**
         * No connect before some time has passed. Those who ask wait, unless their deadlines come before that.
         *
         * @param delay the time from now
         * @return the answer
         */
        public static Verdict waitFor(Duration delay) {
            return waitFor(delay, null);
        }

        /**
         * As {@link #waitFor(Duration)}, with a reason. A request whose deadline comes before the end of the time fails at
         * once, unless something else may serve it, and has the reason as its cause.
         *
         * @param delay the time from now
         * @param cause why, or null
         * @return the answer
         */
        public static Verdict waitFor(Duration delay, @Nullable Throwable cause) {
            return new Verdict(Kind.WAIT, delay, cause);
        }

        /**
         * No connect before some time has passed. Those who ask, and those who wait already, fail at once with
         * {@code EndpointUnavailableException}, unless something else may yet serve them: a connect that is in flight for
         * them, or a connection of the endpoint that comes back.
         *
         * @param delay the time from now
         * @param cause why, or null
         * @return the answer
         */
        public static Verdict refuseFor(Duration delay, @Nullable Throwable cause) {
            return new Verdict(Kind.REFUSE, delay, cause);
        }

        /**
         * What kind of answer this is.
         *
         * @return the kind
         */
        public Kind kind() {
            return kind;
        }

        /**
         * How long no connect may start, from now.
         *
         * @return the time, zero for {@link Kind#PROCEED}
         */
        public Duration delay() {
            return delay;
        }

        /**
         * Why the endpoint is refused, or those who ask for it must wait.
         *
         * @return the cause, or null
         */
        public @Nullable Throwable cause() {
            return cause;
        }

        /** The kinds of answers. */
        public enum Kind {
            /** The connect may start. */
            PROCEED,
            /** Those who ask wait. */
            WAIT,
            /** Those who ask fail. */
            REFUSE
        }
    }
}
