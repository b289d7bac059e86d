package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What is done about a peer that still sends when a lease ends: the connection is held back until it has been quiet for a
 * while, in the background. It counts as pending meanwhile and goes back to the pool afterwards. Immutable; every method
 * but the first returns a copy.
 *
 * <p>Without a drain nothing that arrived during an earlier lease is seen in a later one either; a drain is for protocols
 * where an answer to the last lease could arrive during the next. What a connection has subscribed to and not taken back,
 * its peer goes on to send, into every later lease: take it back in {@code onReset}, or invalidate the lease.
 */
public final class Drain {
    private final Duration quietPeriod;
    private final Duration limit;
    private final Predicate<Message> harmless;

    private Drain(Duration quietPeriod, Duration limit, Predicate<Message> harmless) {
        this.quietPeriod = quietPeriod;
        this.limit = limit;
        this.harmless = harmless;
    }

    /**
     * Waits until no message has arrived for some time.
     *
     * @param quietPeriod the time; more than zero, and less than the pool's {@code resetTimeout}, which
     *     {@link WebSocketPoolBuilder#build} checks: a drain that takes longer discards the connection
     * @return a drain that takes at most 10 s, or twice the quiet period where that is longer, and accepts any message
     * @throws IllegalArgumentException when the time is not positive
     */
    public static Drain quietFor(Duration quietPeriod) {
        positive("quietFor", quietPeriod);
        Duration twice = quietPeriod.multipliedBy(2);
        Duration limit = Duration.ofSeconds(10);
        return new Drain(quietPeriod, twice.compareTo(limit) > 0 ? twice : limit, message -> true);
    }

    /**
     * Sets how long it may take until the connection is quiet; one that is not by then is discarded.
     *
     * @param value the time; at least the quiet period. The pool's {@code resetTimeout} bounds it as well
     * @return a copy
     * @throws IllegalArgumentException when it is shorter than the quiet period
     */
    public Drain atMost(Duration value) {
        if (value.compareTo(quietPeriod) < 0) {
            throw new IllegalArgumentException("atMost must be at least the quiet period (" + Nanos.text(quietPeriod)
                    + "), but is " + Nanos.text(value));
        }
        return new Drain(quietPeriod, value, harmless);
    }

    /**
     * Sets which messages may be dropped: a connection on which another one is left over or arrives is discarded.
     *
     * @param condition called for each message, on the reading or the releasing thread; must not wait
     * @return a copy
     */
    public Drain onlyIf(Predicate<Message> condition) {
        return new Drain(quietPeriod, limit, Objects.requireNonNull(condition, "onlyIf"));
    }

    private static void positive(String knob, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(knob + " must be more than zero, but is " + Nanos.text(value));
        }
    }

    Duration quietPeriod() {
        return quietPeriod;
    }

    Duration limit() {
        return limit;
    }

    boolean isHarmless(Message message) {
        return harmless.test(message);
    }
}
