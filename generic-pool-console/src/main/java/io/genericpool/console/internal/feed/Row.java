package io.genericpool.console.internal.feed;

import io.genericpool.CircuitStats;
import io.genericpool.ConnectionStats;
import io.genericpool.EndpointStats;
import io.genericpool.PoolConfig;
import io.genericpool.support.SafeText;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What readers know of one endpoint. Times are kept as the moment of their begin or end, because such a moment stays the same
 * from sample to sample while an age does not, and only rows that have changed are sent. Used by the sampling thread only.
 */
final class Row<E> {
    /** The page has the same numbers, in {@code model.js}. */
    static final int LIMIT = 6;

    static final int MAX_SIZE = 7;
    static final int WAITERS = 8;
    static final int RATE = 9;
    static final int WAIT_50 = 10;
    static final int WAIT_99 = 11;
    static final int CONNECT_FAILURES = 12;
    static final int FAILED = 13;
    static final int CIRCUIT = 14;
    static final int PROBE_AT = 15;
    static final int HELD_SINCE = 16;
    static final int SUSPENDED = 17;
    /** Below zero where the endpoint's limit is not shared. */
    static final int SHARE = 18;

    static final int SIZE = 19;

    /** A moment that moves by less is the same one: what it is computed from has a precision of its own. */
    private static final long SAME_MOMENT = 1_500;

    final int id;
    final E endpoint;
    final String label;
    final long[] values = new long[SIZE];
    String holder = "";
    String lastFailure = "";
    /** No frame has named the label yet. */
    boolean fresh = true;
    /** Since the last frame, as below. */
    boolean changed = true;

    boolean textChanged;
    /** The number of the last sample that has found the endpoint in the pool. */
    long seenAt;

    private final long[] next = new long[SIZE];
    private long granted = -1;

    Row(int id, E endpoint, String label) {
        this.id = id;
        this.endpoint = endpoint;
        this.label = label;
    }

    void update(EndpointStats stats, FeedClock clock, long sinceLast, @Nullable Activity activity) {
        states(stats, next);
        next[LIMIT] = stats.effectiveMaxSize();
        next[MAX_SIZE] = stats.limits().maxSize();
        next[WAITERS] = stats.waiters();
        next[RATE] = granted < 0 ? 0 : perSecond(stats.granted() - granted, sinceLast);
        granted = stats.granted();
        next[FAILED] = failed(stats);
        circuit(stats.circuit(), clock.millis());
        long held = stats.longestHeld().toNanos();
        next[HELD_SINCE] = moment(HELD_SINCE, held == 0 ? 0 : clock.millis() - TimeUnit.NANOSECONDS.toMillis(held));
        next[SUSPENDED] = stats.isSuspended() ? 1 : 0;
        next[SHARE] = bounded(stats.share());
        if (stats.connectFailures() != values[CONNECT_FAILURES]) {
            text(holder, stats.lastConnectFailure().map(Texts::of).orElse(""));
        }
        next[CONNECT_FAILURES] = stats.connectFailures();
        long[] waits = activity == null ? new long[] {-1, -1} : activity.waits.of(endpoint);
        next[WAIT_50] = waits[0];
        next[WAIT_99] = waits[1];
        text(activity == null ? "" : activity.holders.of(endpoint, held), lastFailure);
        if (!Arrays.equals(values, next)) {
            System.arraycopy(next, 0, values, 0, SIZE);
            changed = true;
        }
    }

    private void text(String newHolder, String newFailure) {
        if (!newHolder.equals(holder) || !newFailure.equals(lastFailure)) {
            holder = newHolder;
            lastFailure = newFailure;
            textChanged = true;
        }
    }

    private void circuit(CircuitStats circuit, long now) {
        next[CIRCUIT] = switch (circuit.state()) {
            case CLOSED -> 0;
            case OPEN -> 1;
            case HALF_OPEN -> 2;
        };
        long remaining = circuit.remaining().toMillis();
        next[PROBE_AT] = moment(PROBE_AT, remaining == 0 ? 0 : now + remaining);
    }

    private long moment(int index, long computed) {
        long known = values[index];
        boolean same = known != 0 && computed != 0 && Math.abs(known - computed) < SAME_MOMENT;
        return same ? known : computed;
    }

    boolean hasTexts() {
        return !holder.isEmpty() || !lastFailure.isEmpty();
    }

    static void states(ConnectionStats stats, long[] to) {
        to[0] = stats.idle();
        to[1] = stats.leased();
        to[2] = stats.checking();
        to[3] = stats.connecting();
        to[4] = stats.pending();
        to[5] = stats.disposing();
    }

    /** A share without a bound is none. */
    static long bounded(OptionalInt share) {
        return share.isEmpty() || share.getAsInt() == PoolConfig.UNLIMITED ? -1 : share.getAsInt();
    }

    static long failed(ConnectionStats stats) {
        return stats.timedOut() + stats.failed() + stats.rejected();
    }

    static long perSecond(long count, long nanos) {
        return nanos <= 0 ? 0 : Math.max(0, Math.round(count * 1e9 / nanos));
    }

    static String label(EndpointStats stats) {
        return SafeText.label(stats.label());
    }
}
