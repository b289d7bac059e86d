package io.genericpool.spi;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides when an endpoint may be connected to: backoff, circuit, rate. The pool asks it before each connect and tells
 * it how the connect ended, always on the connect executor and never under a lock. One governor serves all endpoints of
 * a pool and may be called by several threads at once.
 *
 * @param <E> the type of endpoints
 */
public interface ConnectGovernor<E> {
    /**
     * May a connect to the endpoint start now? A governor that throws is taken for one that allows it, and counted as a
     * failed hook.
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
     * The endpoint has left the pool: it has no connection, request or setting at the moment. That may be right after its
     * only connect has failed, so a governor that forgets the endpoint here has no backoff for a dead one; what it keeps
     * should expire by itself.
     *
     * @param endpoint where to
     */
    default void onEndpointRemoved(E endpoint) {}

    /**
     * A governor that allows everything: the default.
     *
     * @param <E> the type of endpoints
     * @return the governor
     */
    static <E> ConnectGovernor<E> unlimited() {
        return (endpoint, nowNanos) -> Verdict.proceed();
    }

    /** A governor's answer. */
    final class Verdict {
        private static final Verdict PROCEED = new Verdict(Kind.PROCEED, Duration.ZERO, null);

        private final Kind kind;
        private final Duration delay;
        private final @Nullable Throwable cause;

        private Verdict(Kind kind, Duration delay, @Nullable Throwable cause) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay must not be negative, but is " + delay);
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
         * No connect before some time has passed; those who ask wait within their own deadlines.
         *
         * @param delay the time from now
         * @return the answer
         */
        public static Verdict waitFor(Duration delay) {
            return new Verdict(Kind.WAIT, delay, null);
        }

        /**
         * No connect before some time has passed; those who ask, and those who wait already, fail at once with
         * {@code EndpointUnavailableException}.
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
         * Why the endpoint is refused.
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
