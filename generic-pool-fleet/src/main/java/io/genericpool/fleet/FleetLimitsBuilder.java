package io.genericpool.fleet;

import io.genericpool.PoolConfig;
import io.genericpool.fleet.internal.keeper.KeeperSettings;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link FleetLimits}. Not thread-safe. All processes of a fleet must have the same name, caps and keys.
 *
 * @param <E> the type of endpoints
 */
public final class FleetLimitsBuilder<E> {
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);

    private final FleetEngine engine;
    private @Nullable String name;
    private @Nullable ToIntFunction<? super E> cap;
    private int totalCap = PoolConfig.UNLIMITED;
    private Function<? super E, String> key = String::valueOf;
    private Duration lease = Duration.ofSeconds(15);
    private Duration grace = Duration.ZERO;
    private Duration heartbeat = Duration.ofSeconds(5);
    private Duration gather = Duration.ofMillis(20);
    private WhenUnreachable whenUnreachable = WhenUnreachable.KEEP;
    private long capVersion;
    private @Nullable PoolClock clock;

    FleetLimitsBuilder(FleetEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /**
     * Sets the name of the fleet. Fleets of different names know nothing of each other. Required.
     *
     * @param value the name, equal in all processes
     * @return this
     */
    public FleetLimitsBuilder<E> name(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        name = value;
        return this;
    }

    /**
     * Sets how many connections all processes together may have to an endpoint. Default: no limit.
     *
     * @param value returns the cap, at least 1, or {@link PoolConfig#UNLIMITED} for an endpoint without one. Called once
     *     per endpoint, on any thread; must return at once
     * @return this
     */
    public FleetLimitsBuilder<E> cap(ToIntFunction<? super E> value) {
        cap = Objects.requireNonNull(value, "cap");
        return this;
    }

    /**
     * Sets how many connections all processes together may have in all. Default: no limit.
     *
     * @param value the cap, at least 1
     * @return this
     */
    public FleetLimitsBuilder<E> totalCap(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("totalCap must be at least 1, but is " + value);
        }
        totalCap = value;
        return this;
    }

    /**
     * Sets the version of the caps. When processes with different caps run at once, as in a rolling update, those of the
     * highest version hold. Raise it with each change of a cap. Default: 0.
     *
     * @param value the version, at least 0
     * @return this
     */
    public FleetLimitsBuilder<E> capVersion(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("capVersion must be at least 0, but is " + value);
        }
        capVersion = value;
        return this;
    }

    /**
     * Sets the name of an endpoint in the ledger. Default: {@link String#valueOf(Object)}.
     *
     * @param value returns a text that is equal in all processes and different for different endpoints. Must not hold a
     *     secret: it is stored in the engine
     * @return this
     */
    public FleetLimitsBuilder<E> key(Function<? super E, String> value) {
        key = Objects.requireNonNull(value, "key");
        return this;
    }

    /**
     * Sets how long a process may be silent before its shares are free. A process that was silent for longer asks anew.
     * Default: 15 s.
     *
     * @param value at least three heartbeats, at most a day
     * @return this
     */
    public FleetLimitsBuilder<E> lease(Duration value) {
        lease = Objects.requireNonNull(value, "lease");
        return this;
    }

    /**
     * Sets how much longer than {@code lease} the ledger keeps a silent process. A process that is paused for no longer
     * than both together never exceeds a cap. The shares of a process that died are free that much later. Default: none.
     *
     * @param value zero or more, at most a day
     * @return this
     */
    public FleetLimitsBuilder<E> grace(Duration value) {
        grace = Objects.requireNonNull(value, "grace");
        return this;
    }

    /**
     * Sets how often a process at rest calls the engine, and how long a call may take. Default: 5 s.
     *
     * @param value at least 10 ms, at most a third of the lease
     * @return this
     */
    public FleetLimitsBuilder<E> heartbeat(Duration value) {
        heartbeat = Objects.requireNonNull(value, "heartbeat");
        return this;
    }

    /**
     * Sets for how long changes are gathered into one call. Default: 20 ms.
     *
     * @param value at least 1 ms, at most a heartbeat
     * @return this
     */
    public FleetLimitsBuilder<E> gather(Duration value) {
        gather = Objects.requireNonNull(value, "gather");
        return this;
    }

    /**
     * Sets what a process may have while the engine is away for longer than a lease. Default:
     * {@link WhenUnreachable#KEEP}.
     *
     * @param value the rule
     * @return this
     */
    public FleetLimitsBuilder<E> whenUnreachable(WhenUnreachable value) {
        whenUnreachable = Objects.requireNonNull(value, "whenUnreachable");
        return this;
    }

    /**
     * Sets the clock. Default: that of each pool.
     *
     * @param value the clock
     * @return this
     */
    public FleetLimitsBuilder<E> clock(PoolClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Builds the limits. This does not call the engine.
     *
     * @return a new object
     * @throws IllegalStateException if the name, or both caps, are missing
     * @throws IllegalArgumentException if the times do not fit each other
     */
    public FleetLimits<E> build() {
        String fleet = name;
        if (fleet == null) {
            throw new IllegalStateException("name is missing: set the name of the fleet");
        }
        ToIntFunction<? super E> caps = cap;
        if (caps == null && totalCap == PoolConfig.UNLIMITED) {
            throw new IllegalStateException("cap and totalCap are both missing: set at least one");
        }
        check("heartbeat", heartbeat, Duration.ofMillis(10), LONGEST_LEASE);
        check("lease", lease, Duration.ofMillis(30), LONGEST_LEASE);
        check("grace", grace, Duration.ZERO, LONGEST_LEASE);
        check("gather", gather, Duration.ofMillis(1), heartbeat);
        if (lease.compareTo(heartbeat.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("lease must be at least three heartbeats of " + Nanos.text(heartbeat)
                    + ", but is " + Nanos.text(lease));
        }
        return new FleetLimits<>(new KeeperSettings<>(
                engine,
                fleet,
                caps == null ? endpoint -> PoolConfig.UNLIMITED : caps,
                totalCap,
                key,
                lease.toNanos(),
                grace.toNanos(),
                heartbeat.toNanos(),
                gather.toNanos(),
                whenUnreachable.connections,
                capVersion,
                clock));
    }

    private static void check(String knob, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(knob + " must be " + Nanos.text(least) + " to " + Nanos.text(most)
                    + ", but is " + Nanos.text(value));
        }
    }
}
