package io.genericpool.tcp.internal.connect;

import io.genericpool.support.Nanos;
import java.util.concurrent.TimeUnit;

/**
 * How the addresses of one host are tried, in nanoseconds.
 *
 * @param attemptDelay how long after an attempt the next one starts beside it; {@link Nanos#FOREVER} for one after the other
 * @param attemptTimeout how long one attempt may take; {@link Nanos#FOREVER} for the time of the connect, or, one after the
 *     other, for an equal share of the time that is left
 * @param memory how long an address that failed is tried last; 0 for not at all
 */
public record Pace(long attemptDelay, long attemptTimeout, long memory) {
    /** What RFC 8305 recommends. */
    public static final long DEFAULT_DELAY_MILLIS = 250;

    /** What RFC 8305 allows at least. */
    public static final long SHORTEST_DELAY = TimeUnit.MILLISECONDS.toNanos(10);

    public static final Pace IN_TURN = new Pace(Nanos.FOREVER, Nanos.FOREVER, 0);

    boolean isInTurn() {
        return Nanos.isOff(attemptDelay);
    }

    /**
     * The time until the next attempt starts: the delay, or less when the time that is left would not suffice for all.
     *
     * @param timeLeft of the whole connect
     * @param targetsLeft those that were not tried yet
     */
    long delay(long timeLeft, int targetsLeft) {
        return isInTurn() || Nanos.isOff(timeLeft)
                ? attemptDelay
                : Math.min(attemptDelay, Math.max(SHORTEST_DELAY, timeLeft / (targetsLeft + 1)));
    }

    /** What one attempt may take. */
    long limit(long timeLeft, int targetsLeft) {
        boolean shares = isInTurn() && Nanos.isOff(attemptTimeout) && !Nanos.isOff(timeLeft) && targetsLeft > 0;
        return shares ? timeLeft / (targetsLeft + 1) : attemptTimeout;
    }
}
