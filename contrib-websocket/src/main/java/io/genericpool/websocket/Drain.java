package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.socket.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Handles a peer that still sends when a lease ends. The pool holds the connection back, in the background, until the
 * peer has been quiet for a while. Meanwhile the connection counts as pending; afterwards it returns to the pool.
 * Immutable. Every method except the first returns a copy.
 *
 * <p>Even without a drain, a lease never sees messages that arrived during an earlier lease. Use a drain for protocols
 * in which an answer to one lease may arrive during the next. If a lease leaves a subscription behind, its peer
 * continues to send during every later lease. Remove the subscription in {@code onReset}, or invalidate the lease.
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
     * @param quietPeriod the time; more than zero, and less than the pool's {@code resetTimeout}.
     *     {@link WebSocketPoolBuilder#build} checks this, because a longer drain discards the connection
     * @return a drain that takes at most 10 s, or twice the quiet period if that is longer, and accepts any message
     * @throws IllegalArgumentException when the time is zero or negative
     */
    public static Drain quietFor(Duration quietPeriod) {
        long unused = Nanos.ofPositive("quietFor", quietPeriod);
        Duration twice = quietPeriod.multipliedBy(2);
        Duration limit = Duration.ofSeconds(10);
        return new Drain(quietPeriod, twice.compareTo(limit) > 0 ? twice : limit, message -> true);
    }

    /**
     * Sets the maximum time until the connection is quiet. A connection that is not quiet by then is discarded.
     *
     * @param value the time; at least the quiet period. The pool's {@code resetTimeout} limits it, too
     * @return a copy
     * @throws IllegalArgumentException when the time is shorter than the quiet period
     */
    public Drain atMost(Duration value) {
        if (value.compareTo(quietPeriod) < 0) {
            throw new IllegalArgumentException("atMost must be at least the quiet period (" + Nanos.text(quietPeriod)
                    + "), but is " + Nanos.text(value));
        }
        return new Drain(quietPeriod, value, harmless);
    }

    /**
     * Sets which messages may be dropped. A connection with any other remaining or arriving message is discarded.
     *
     * @param condition called per message, on the reading or the releasing thread; must not wait
     * @return a copy
     */
    public Drain onlyIf(Predicate<Message> condition) {
        return new Drain(quietPeriod, limit, Objects.requireNonNull(condition, "onlyIf"));
    }

    SocketSettings.DrainRules rules() {
        return new SocketSettings.DrainRules(quietPeriod, limit, harmless);
    }
}
