package io.genericpool.core.internal.circuit;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.spi.ConnectGovernor.Verdict;
import java.time.Duration;

/**
 * One endpoint whose connects fail: from the first failure until the first success. Guarded by the lock of its governor.
 *
 * <p>After each failure comes a pause in which no connect starts. When it is over, one connect at a time may: the probe.
 * Its failure makes the next pause longer. Connects that were in flight when the first one failed are stragglers: their
 * failures count, but do not lengthen the pause, since they say nothing new.
 */
public final class Circuit {
    /** A probe that nothing was heard of for so long is taken for lost: the next one who asks is the probe. */
    private static final long PROBE_IS_LOST = 60_000_000_000L;
    /** How many values {@link #rank()} has. */
    static final int RANKS = 5;

    private final Backoff backoff;
    private int failures;
    /** How often the pause has grown. */
    private int pauses;
    /** The end of the pause. */
    private long until;

    private boolean isOpen;
    /** Its last failure has asked for a pause. */
    private boolean isTold;

    private boolean isProbed;
    private long probedSince;
    private Throwable cause;

    /**
     * Makes the circuit of an endpoint whose first connect has just failed.
     *
     * @param backoff the pauses
     * @param now the time
     * @param failure what the connect failed with
     */
    public Circuit(Backoff backoff, long now, Throwable failure) {
        this.backoff = backoff;
        this.until = now;
        this.cause = failure;
    }

    /**
     * The state.
     *
     * @return open while no probe runs, even when the pause is over
     */
    public CircuitState state() {
        if (!isOpen) {
            return CircuitState.CLOSED;
        }
        return isProbed ? CircuitState.HALF_OPEN : CircuitState.OPEN;
    }

    /**
     * What to answer who wants to connect.
     *
     * @param now the time
     * @return proceed when the place of the probe is free
     */
    public Verdict verdict(long now) {
        if (until - now > 0) {
            return no(until - now);
        }
        return isProbed && now - probedSince < PROBE_IS_LOST ? no(backoff.initial()) : Verdict.proceed();
    }

    private Verdict no(long nanos) {
        Duration delay = Duration.ofNanos(nanos);
        return isOpen ? Verdict.refuseFor(delay, cause) : Verdict.waitFor(delay, cause);
    }

    /**
     * The connect that was let through is the probe.
     *
     * @param now the time
     */
    public void probe(long now) {
        isProbed = true;
        probedSince = now;
    }

    /** The connect that was let through is not made. */
    public void unprobe() {
        isProbed = false;
    }

    /**
     * A connect has failed.
     *
     * @param now the time
     * @param failure what with
     * @param opensAfter how many failures in a row open the circuit
     * @param opensAtOnce whether this failure does by itself
     * @param least the shortest pause it asks for, in nanoseconds
     * @param chance for the jitter; from 0, inclusive, to 1, exclusive
     */
    public void failed(long now, Throwable failure, int opensAfter, boolean opensAtOnce, long least, double chance) {
        failures++;
        cause = failure;
        isOpen = failures >= opensAfter || opensAtOnce;
        isTold = least > 0;
        long pause = 0;
        if (until - now <= 0) {
            isProbed = false;
            pauses++;
            pause = backoff.pause(pauses, chance);
        }
        long end = now + Math.max(pause, least);
        if (end - until > 0) {
            until = end;
        }
    }

    /**
     * How much is lost when it is forgotten. One that is open, or whose endpoint has asked for a pause, ranks highest.
     *
     * @return from 0, for a single failure, to {@code RANKS - 1}; it changes by {@link #failed} alone
     */
    public int rank() {
        int byFailures = 31 - Integer.numberOfLeadingZeros(Math.max(1, failures));
        return isOpen || isTold ? RANKS - 1 : Math.min(byFailures, RANKS - 2);
    }

    /**
     * Whether no request has come to the endpoint for some time after its pause.
     *
     * @param now the time
     * @param retention the time
     * @return true when it can be forgotten
     */
    public boolean isForgotten(long now, long retention) {
        return now - until >= retention && !(isProbed && now - probedSince < PROBE_IS_LOST);
    }

    /**
     * A snapshot.
     *
     * @param now the time
     * @return the snapshot
     */
    public CircuitStats stats(long now) {
        return CircuitStats.of(state(), Duration.ofNanos(Math.max(0, until - now)), failures, cause);
    }
}
