package io.genericpool.websocket;

import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import io.github.resilience4j.core.IntervalFunction;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * How often a failed connect is tried again, and after what time: exponentially growing and randomised, or what the server
 * asks for with {@code Retry-After} when that is longer, up to a bound. All attempts share the deadline of the connect;
 * when the pause before the next one would pass it, the connect fails at once with the last failure. Immutable; every
 * method but the first returns a copy.
 *
 * <p>Not tried again: an answer with a fatal status (400, 401, 403, 404, 405, 410 and 501 unless set), a subprotocol that
 * does not fit, and a server whose certificate is not trusted or names another host.
 */
public final class Retry {
    private static final Set<Integer> FATAL = Set.of(400, 401, 403, 404, 405, 410, 501);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);
    private static final double JITTER = 0.5;

    private final int attempts;
    private final Duration first;
    private final Duration longest;
    private final Set<Integer> fatal;
    private final Duration longestRetryAfter;

    private Retry(int attempts, Duration first, Duration longest, Set<Integer> fatal, Duration longestRetryAfter) {
        this.attempts = attempts;
        this.first = first;
        this.longest = longest;
        this.fatal = fatal;
        this.longestRetryAfter = longestRetryAfter;
    }

    /**
     * Tries at most a number of times.
     *
     * @param attempts 1 or more, the first one included
     * @return a retry that pauses for 200 ms first, up to 10 s
     * @throws IllegalArgumentException when the number is below 1
     */
    public static Retry attempts(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, but is " + attempts);
        }
        return new Retry(attempts, Duration.ofMillis(200), Duration.ofSeconds(10), FATAL, LONGEST_RETRY_AFTER);
    }

    /**
     * Sets the pauses between attempts, each then multiplied by a random number between 0.5 and 1.5.
     *
     * @param firstPause before the second attempt; 10 ms or more; doubled for each further one
     * @param longestPause the bound of the doubling; more than the first
     * @return a copy
     * @throws IllegalArgumentException when one is out of bounds
     */
    public Retry backoff(Duration firstPause, Duration longestPause) {
        if (firstPause.toMillis() < 10) {
            throw new IllegalArgumentException(
                    "backoff must begin with at least 10 ms, but begins with " + Nanos.text(firstPause));
        }
        if (longestPause.compareTo(firstPause) <= 0) {
            throw new IllegalArgumentException("backoff must end with more than " + Nanos.text(firstPause)
                    + ", but ends with " + Nanos.text(longestPause));
        }
        return new Retry(attempts, firstPause, longestPause, fatal, longestRetryAfter);
    }

    /**
     * Sets the statuses of an answer after which there is no further attempt.
     *
     * @param statuses such as 401
     * @return a copy
     */
    public Retry fatalStatuses(int... statuses) {
        var set = new HashSet<Integer>();
        for (int status : statuses) {
            set.add(status);
        }
        return new Retry(attempts, first, longest, Set.copyOf(set), longestRetryAfter);
    }

    /**
     * Limits the time that a server may ask for with {@code Retry-After}: one that asks for a year, by mistake or not,
     * would not be connected to for a year.
     *
     * @param value zero or more, zero for no regard to what it asks; 5 min unless set
     * @return a copy
     * @throws IllegalArgumentException when it is negative
     */
    public Retry maxRetryAfter(Duration value) {
        return new Retry(attempts, first, longest, fatal, Bounds.atLeast("maxRetryAfter", value, Duration.ZERO));
    }

    int maxAttempts() {
        return attempts;
    }

    Duration firstPause() {
        return first;
    }

    Duration longestPause() {
        return longest;
    }

    Duration longestRetryAfter() {
        return longestRetryAfter;
    }

    boolean mayRetry(Throwable failure) {
        return failure instanceof WebSocketConnectException && !isHopeless(failure);
    }

    /** Whether trying again soon is no use: what the server refuses is not how busy it is. */
    boolean isHopeless(Throwable failure) {
        for (Throwable cause : CauseChain.causes(failure)) {
            if (cause instanceof WebSocketHandshakeException refused) {
                return refused.status() == 101 || fatal.contains(refused.status());
            }
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    /** The time that a server asks for, within the bound; zero when none does. */
    Duration retryAfter(@Nullable Throwable failure) {
        return RetryAfter.of(failure, longestRetryAfter);
    }

    /** The pause after a failed attempt, the first of which is number 1. */
    long pauseNanos(int attempt, @Nullable Throwable failure) {
        IntervalFunction backoff = IntervalFunction.ofExponentialRandomBackoff(first, 2, JITTER, longest);
        long millis = backoff.apply(attempt);
        return Math.max(Nanos.of(Duration.ofMillis(millis)), Nanos.of(retryAfter(failure)));
    }
}
