package io.genericpool.micrometer;

import io.genericpool.ConnectionPool;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.PoolEvent;
import io.genericpool.event.PoolListener;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Timers of a pool, which is their source as its listener. Give the same object to the pool's builder ({@code listener})
 * and to {@link ConnectionPoolMetricsBuilder#timers}. Events before the metrics are bound are not recorded.
 *
 * <p>A pool has one listener. If yours must stay, let it call the methods of this one.
 *
 * <ul>
 *   <li>{@code genericpool.connect}, with the tag {@code outcome}: connection attempts that were {@code opened} or
 *       {@code failed}.
 *   <li>{@code genericpool.acquire.wait}: acquires that had to wait, including those that timed out.
 *   <li>{@code genericpool.lease}: the time for which leases were held.
 * </ul>
 *
 * <p>The last one costs time on each acquire and release, so it must be chosen. Waits cost it on acquires that wait only.
 * Thread-safe.
 */
public sealed class PoolTimers implements PoolListener<Object> permits WaitTimers {
    /** One timer per registry and set of names, as in the other lists. */
    private final List<Timer> opened = new CopyOnWriteArrayList<>();

    private final List<Timer> failed = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable ConnectionPool<?, ?>> owner = new AtomicReference<>();

    PoolTimers() {}

    /**
     * Creates timers of connection attempts only.
     *
     * @return the timers
     */
    public static PoolTimers connects() {
        return new PoolTimers();
    }

    /**
     * Creates timers of connection attempts and waits.
     *
     * @return the timers
     */
    public static PoolTimers connectsAndWaits() {
        return new WaitTimers();
    }

    /**
     * Creates timers of connection attempts, waits and leases.
     *
     * @return the timers
     */
    public static PoolTimers connectsWaitsAndLeases() {
        return new LeaseTimers();
    }

    final void belongTo(ConnectionPool<?, ?> pool) {
        @Nullable ConnectionPool<?, ?> before = owner.compareAndExchange(null, pool);
        if (before != null && before != pool) {
            throw new IllegalArgumentException(
                    "timers serve pool " + before.stats().name() + " already: give each pool timers of its own");
        }
    }

    /** Registers the timers, and returns what ends the recording. The meters are removed with their set. */
    Runnable bind(MeterSet<?> meters, TimerNames names) {
        if (!names.tellsOutcome()) {
            Timer whenOpened = meters.timer(names.connect(), "Connections opened");
            opened.add(whenOpened);
            return () -> opened.remove(whenOpened);
        }
        Timer whenOpened = connect(meters, names, "opened");
        Timer whenFailed = connect(meters, names, "failed");
        opened.add(whenOpened);
        failed.add(whenFailed);
        return () -> {
            opened.remove(whenOpened);
            failed.remove(whenFailed);
        };
    }

    private static Timer connect(MeterSet<?> meters, TimerNames names, String outcome) {
        return meters.timer(names.connect(), "Connection attempts", "outcome", outcome);
    }

    /**
     * Records a successful connection attempt.
     *
     * @param event the details
     */
    @Override
    public final void onConnectionCreated(ConnectionEvent<Object> event) {
        record(opened, event);
    }

    /**
     * Records a failed connection attempt.
     *
     * @param event the details
     */
    @Override
    public final void onConnectFailed(ConnectionEvent<Object> event) {
        record(failed, event);
    }

    static void record(List<Timer> timers, PoolEvent<?> event) {
        for (Timer timer : timers) {
            timer.record(event.duration());
        }
    }
}
