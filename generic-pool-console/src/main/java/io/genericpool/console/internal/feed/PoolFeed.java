package io.genericpool.console.internal.feed;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointStats;
import io.genericpool.PoolStats;
import io.genericpool.support.SafeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pool, as the console knows it: its sums, a row per endpoint, and what has changed since the last frame. Used by the
 * sampling thread only, except {@link #endpoint}.
 */
public final class PoolFeed<E> {
    /** Endpoints beyond this number have no row; the sums contain them. */
    public static final int MOST_ROWS = 20_000;

    /** The page has the same numbers, in {@code model.js}. The first six are the states. */
    static final int TOTAL_MAX_SIZE = 6;

    static final int ENDPOINTS = 7;
    static final int WAITERS = 8;
    static final int RATE = 9;
    static final int WAIT_50 = 10;
    static final int WAIT_99 = 11;
    static final int CONNECT_FAILURES = 12;
    static final int FAILED = 13;
    static final int OPEN_CIRCUITS = 14;
    static final int STARVING = 15;
    static final int HELD_SINCE = 16;
    static final int LEAKS = 17;
    static final int ABANDONED = 18;
    static final int CREATED = 19;
    /** The share of all endpoints together; below zero for none. */
    static final int SHARE = 20;

    /** Whether limits are shared: 0 if not, else 1 while the others can be reached and 2 while they cannot. */
    static final int FLEET = 21;

    private static final int SIZE = 22;
    private static final int LONGEST_TEXT = 300;

    final String name;
    final @Nullable Activity activity;
    final long[] sums = new long[SIZE];
    final History history = new History();
    final Map<E, Row<E>> rows = new HashMap<>();
    final List<Integer> gone = new ArrayList<>();
    final Groups groups = new Groups();
    boolean closed;
    String error = "";
    /** Why those with whom limits are shared cannot be reached. */
    String fleetFailure = "";

    long journalSent;

    private final ConnectionPool<E, ?> pool;
    private final FeedClock clock;
    /** For actions, which name an endpoint by its row. */
    private final ConcurrentMap<Integer, E> endpoints = new ConcurrentHashMap<>();

    private int lastId;
    private long samples;
    private long sampledAt;
    private long granted;
    private long failed;

    public PoolFeed(ConnectionPool<E, ?> pool, @Nullable Activity activity, FeedClock clock) {
        this.pool = pool;
        this.activity = activity;
        this.clock = clock;
        this.name = SafeText.label(pool.stats().name());
    }

    public ConnectionPool<E, ?> pool() {
        return pool;
    }

    public String name() {
        return name;
    }

    /** The endpoint of a row, on any thread. */
    public Optional<E> endpoint(int id) {
        return Optional.ofNullable(endpoints.get(id));
    }

    /**
     * Reads the statistics that all observers of the pool share. What a foreign pool throws becomes a text on the page.
     */
    void sample() {
        long now = clock.nanos();
        long sinceLast = samples == 0 ? 0 : now - sampledAt;
        samples++;
        try {
            closed = pool.isClosed();
            Map<E, EndpointStats> shared = pool.recentEndpointStats(); // first: its walk reads the sums as well
            sampleSums(pool.recentStats(), sinceLast);
            sampleRows(shared, sinceLast);
            groups.sample(pool.groups(), sinceLast);
            error = "";
        } catch (RuntimeException | Error e) {
            error = Texts.of(e);
        }
        sampledAt = now;
        long[] point = point(sinceLast);
        if (sinceLast > 0) {
            history.add(point); // before, rates are not known
        }
    }

    private void sampleSums(PoolStats stats, long sinceLast) {
        Row.states(stats, sums);
        sums[TOTAL_MAX_SIZE] = stats.totalMaxSize();
        sums[ENDPOINTS] = stats.endpoints();
        sums[WAITERS] = stats.waiters();
        sums[RATE] = sinceLast == 0 ? 0 : Row.perSecond(stats.granted() - granted, sinceLast);
        granted = stats.granted();
        long[] waits = activity == null ? new long[] {-1, -1} : activity.waits.ofPool();
        sums[WAIT_50] = waits[0];
        sums[WAIT_99] = waits[1];
        sums[CONNECT_FAILURES] = stats.connectFailures();
        sums[FAILED] = Row.failed(stats);
        sums[STARVING] = stats.starving();
        long held = TimeUnit.NANOSECONDS.toMillis(stats.longestHeld().toNanos());
        sums[HELD_SINCE] = held == 0 ? 0 : clock.millis() - held;
        sums[LEAKS] = stats.leaks();
        sums[ABANDONED] = stats.abandoned();
        sums[CREATED] = stats.created();
        sums[SHARE] = Row.bounded(stats.share());
        sums[FLEET] = !stats.hasSharedLimits() ? 0 : stats.sharedLimitsReachable() ? 1 : 2;
        fleetFailure = SafeText.clean(stats.sharedLimitsFailure().orElse(""), LONGEST_TEXT);
    }

    private void sampleRows(Map<E, EndpointStats> shared, long sinceLast) {
        long openCircuits = 0;
        for (Map.Entry<E, EndpointStats> each : shared.entrySet()) {
            E endpoint = each.getKey();
            EndpointStats stats = each.getValue();
            Row<E> row = rows.get(endpoint);
            if (row == null) {
                if (rows.size() >= MOST_ROWS) {
                    continue;
                }
                row = new Row<>(++lastId, endpoint, Row.label(stats));
                rows.put(endpoint, row);
                endpoints.put(row.id, endpoint);
            }
            row.seenAt = samples;
            row.update(stats, clock, sinceLast, activity);
            openCircuits += row.values[Row.CIRCUIT] == 0 ? 0 : 1;
        }
        sums[OPEN_CIRCUITS] = openCircuits;
        removeUnseen();
    }

    private void removeUnseen() {
        for (Iterator<Row<E>> each = rows.values().iterator(); each.hasNext(); ) {
            Row<E> row = each.next();
            if (row.seenAt != samples) {
                each.remove();
                endpoints.remove(row.id);
                gone.add(row.id);
                if (activity != null) {
                    activity.waits.forget(row.endpoint);
                    activity.holders.forget(row.endpoint);
                }
            }
        }
    }

    private long[] point(long sinceLast) {
        long moving = sums[2] + sums[3] + sums[4] + sums[5];
        long failures = sinceLast == 0 ? 0 : Row.perSecond(sums[FAILED] - failed, sinceLast);
        failed = sums[FAILED];
        return new long[] {clock.millis(), sums[1], sums[0], moving, sums[WAITERS], sums[RATE], failures};
    }

    /** After a frame: nothing has changed since. */
    void markSent() {
        rows.values().forEach(row -> {
            row.fresh = false;
            row.changed = false;
            row.textChanged = false;
        });
        gone.clear();
        groups.changed = false;
    }
}
