package io.genericpool.websocket;

import io.genericpool.support.CauseChain;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.knobs.Bounds;
import io.genericpool.websocket.internal.knobs.RetryAfter;
import io.genericpool.websocket.internal.socket.SocketSettings;
import io.github.resilience4j.core.IntervalFunction;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Defines how often a failed connection attempt is retried, and after which pause. The pauses grow exponentially and
 * are randomised. A longer {@code Retry-After} of the server replaces a pause, up to a limit. All attempts share one
 * deadline. When the next pause would exceed it, the attempt fails at once with the last failure. Immutable. Every
 * method except the first returns a copy.
 *
 * <p>Three failures are not retried. The first is an answer with a fatal status (400, 401, 403, 404, 405, 410 and 501
 * unless set). The second is a subprotocol that does not match. The third is a server whose certificate is not trusted
 * or names another host.
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
     * Limits the number of attempts.
     *
     * @param attempts the number, including the first attempt; 1 or more
     * @return a retry whose pauses start at 200 ms and are at most 10 s
     * @throws IllegalArgumentException when the number is below 1
     */
    public static Retry attempts(int attempts) {
        Bounds.atLeast("attempts", attempts, 1);
        return new Retry(attempts, Duration.ofMillis(200), Duration.ofSeconds(10), FATAL, LONGEST_RETRY_AFTER);
    }

    /**
     * Sets the pauses between attempts. Each is multiplied by a random number between 0.5 and 1.5.
     *
     * @param firstPause the pause before the second attempt; 10 ms or more; doubled for each further attempt
     * @param longestPause the limit of the doubling; more than the first pause
     * @return a copy
     * @throws IllegalArgumentException when a value is out of bounds
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
     * @param statuses HTTP statuses such as 401
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
     * Limits the pause that a server may ask for with {@code Retry-After}. Without the limit, a server that asks for a
     * year, by mistake or not, would stop all attempts for a year.
     *
     * @param value zero or more; zero ignores what servers ask for; 5 min unless set
     * @return a copy
     * @throws IllegalArgumentException when the value is negative
     */
    public Retry maxRetryAfter(Duration value) {
        return new Retry(attempts, first, longest, fatal, Bounds.atLeast("maxRetryAfter", value, Duration.ZERO));
    }

    SocketSettings.RetryRules rules() {
        return new SocketSettings.RetryRules(attempts, this::isWorthwhile, this::pauseNanos);
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

    private boolean isWorthwhile(Throwable failure) {
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
        for (Throwable cause : CauseChain.causes(failure)) {
            if (cause instanceof WebSocketHandshakeException refused) {
                return RetryAfter.of(refused::header, longestRetryAfter);
            }
        }
        return Duration.ZERO;
    }

    /** The pause after a failed attempt, the first of which is number 1. */
    long pauseNanos(int attempt, @Nullable Throwable failure) {
        IntervalFunction backoff = IntervalFunction.ofExponentialRandomBackoff(first, 2, JITTER, longest);
        long millis = backoff.apply(attempt);
        return Math.max(Nanos.of(Duration.ofMillis(millis)), Nanos.of(retryAfter(failure)));
    }
}
