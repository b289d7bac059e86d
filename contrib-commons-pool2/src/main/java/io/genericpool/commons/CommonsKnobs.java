package io.genericpool.commons;

import io.genericpool.IdleOrder;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import org.apache.commons.pool2.impl.BaseObjectPoolConfig;
import org.apache.commons.pool2.impl.DefaultEvictionPolicy;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/** The knobs of Commons Pool 2 as knobs of the pool. What differs is in docs/from-commons-pool2.md, knob by knob. */
final class CommonsKnobs {
    private final BaseObjectPoolConfig<?> config;
    private final int maxSize;
    private final int totalMaxSize;
    private final int minIdle;

    private CommonsKnobs(BaseObjectPoolConfig<?> config, int maxSize, int totalMaxSize, int minIdle) {
        this.config = config;
        this.totalMaxSize = totalMaxSize;
        this.maxSize = Math.min(maxSize, totalMaxSize);
        this.minIdle = Math.min(minIdle, this.maxSize);
    }

    static CommonsKnobs of(GenericKeyedObjectPoolConfig<?> config) {
        Objects.requireNonNull(config, "config");
        return new CommonsKnobs(
                config,
                limit("maxTotalPerKey", config.getMaxTotalPerKey()),
                limit("maxTotal", config.getMaxTotal()),
                minIdle(config.getMinIdlePerKey(), config.getMaxIdlePerKey()));
    }

    static CommonsKnobs of(GenericObjectPoolConfig<?> config) {
        Objects.requireNonNull(config, "config");
        int max = limit("maxTotal", config.getMaxTotal());
        return new CommonsKnobs(config, max, max, minIdle(config.getMinIdle(), config.getMaxIdle()));
    }

    private static int limit(String name, int value) {
        if (value == 0) {
            throw new IllegalArgumentException(name
                    + " must be at least 1, or negative for no limit, but is 0; the pool could never lend an object");
        }
        return value < 0 ? PoolConfig.UNLIMITED : value;
    }

    private static int minIdle(int minIdle, int maxIdle) {
        return Math.max(0, maxIdle < 0 ? minIdle : Math.min(minIdle, maxIdle));
    }

    /** Whether a borrow may wait for others to return. */
    boolean blocksWhenExhausted() {
        return config.getBlockWhenExhausted() && !config.getMaxWaitDuration().isZero();
    }

    /** For acquires of the pool itself. */
    <K, V> void applyTo(ConnectionPoolBuilder<K, V> builder) {
        if (!blocksWhenExhausted()) {
            throw new IllegalArgumentException("blockWhenExhausted must be true and maxWait not 0, but they are "
                    + config.getBlockWhenExhausted() + " and " + Nanos.text(config.getMaxWaitDuration())
                    + ": only a view has these settings (CommonsPools.keyedObjectPool)");
        }
        apply(builder);
        builder.alivenessBypass(config.getTestOnBorrow() ? Duration.ZERO : PoolConfig.NO_LIMIT);
    }

    /** For a view, whose manager tests what is borrowed. */
    <K, V> void applyForView(ConnectionPoolBuilder<K, V> builder) {
        apply(builder);
        builder.alivenessBypass(PoolConfig.NO_LIMIT);
    }

    private <K, V> void apply(ConnectionPoolBuilder<K, V> builder) {
        requireDefaultEviction();
        boolean evicts = isOn(config.getDurationBetweenEvictionRuns());
        builder.maxSize(maxSize)
                .totalMaxSize(totalMaxSize)
                .minIdle(minIdle)
                .acquireTimeout(blocksWhenExhausted() ? onOrNoLimit(config.getMaxWaitDuration()) : PoolConfig.NO_LIMIT)
                .idleOrder(config.getLifo() ? IdleOrder.LIFO : IdleOrder.FIFO)
                .idleTimeout(evicts ? idleTimeout() : PoolConfig.NO_LIMIT)
                .idleTimeoutJitter(0) // minEvictableIdleDuration is the least time, which no jitter may shorten
                .keepaliveInterval(
                        evicts && config.getTestWhileIdle()
                                ? config.getDurationBetweenEvictionRuns()
                                : PoolConfig.NO_LIMIT)
                .maxLifetime(PoolConfig.NO_LIMIT)
                .endpointRetention(PoolConfig.NO_LIMIT);
    }

    private Duration idleTimeout() {
        Duration hard = onOrNoLimit(config.getMinEvictableIdleDuration());
        Duration soft = onOrNoLimit(config.getSoftMinEvictableIdleDuration());
        return hard.compareTo(soft) < 0 ? hard : soft;
    }

    private void requireDefaultEviction() {
        String name = config.getEvictionPolicy() == null
                ? config.getEvictionPolicyClassName()
                : config.getEvictionPolicy().getClass().getName();
        if (!DefaultEvictionPolicy.class.getName().equals(name)) {
            throw new IllegalArgumentException("evictionPolicy must be the default one, but is " + name
                    + ": the pool expires by idleTimeout and maxLifetime, and has no other policy");
        }
    }

    private static boolean isOn(Duration time) {
        return !time.isNegative() && !time.isZero();
    }

    private static Duration onOrNoLimit(Duration time) {
        return isOn(time) ? time : PoolConfig.NO_LIMIT;
    }
}
