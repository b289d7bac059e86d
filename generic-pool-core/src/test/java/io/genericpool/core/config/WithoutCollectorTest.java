package io.genericpool.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.core.support.PoolWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** In a pool without a collector, each release takes out a few connections that have expired. */
class WithoutCollectorTest {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static PoolWorld world(int disposeBatchSize) {
        return PoolWorld.with(knobs -> knobs.maxSize(20)
                .idleTimeout(IDLE)
                .disposeBatchSize(disposeBatchSize)
                .backgroundCollector(false));
    }

    private static long expired(PoolWorld world) {
        return world.pool.stats().disposed(DisposeReason.IDLE_TIMEOUT);
    }

    @Test
    void asManyAsTheLogarithmOfHowManyThereAre() {
        var world = world(0);
        var used = world.leases("b", 1);
        world.fill("a", 6);
        world.advance(IDLE);

        used.forEach(world::release);

        assertThat(expired(world)).as("7 connections").isEqualTo(4);
        world.release(world.lease("b"));
        assertThat(expired(world)).as("3 of them").isEqualTo(6);
        world.verify(20, 100);
    }

    @Test
    void orAsManyAsItWasTold() {
        var world = world(2);
        var used = world.leases("b", 1);
        world.fill("a", 7);
        world.advance(IDLE.minusNanos(1));
        used.forEach(Lease::release);
        world.settle();
        assertThat(expired(world)).as("a nanosecond early").isZero();

        world.advance(Duration.ofNanos(1));
        world.release(world.lease("b"));

        assertThat(expired(world)).isEqualTo(2);
        world.verify(20, 100);
    }

    @Test
    void minIdleIsKeptUntilTheRetentionOfItsEndpointIsOver() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(20)
                .endpointLimits(endpoint -> endpoint.equals("a") ? EndpointLimits.of(2, 20) : null)
                .idleTimeout(IDLE)
                .endpointRetention(Duration.ofSeconds(30))
                .backgroundCollector(false));
        world.fill("a", 5);
        world.advance(IDLE);
        world.release(world.lease("b"));
        world.release(world.lease("b"));
        assertThat(world.stats("a").idle()).as("minIdle").isEqualTo(2);

        world.advance(Duration.ofSeconds(20).minusNanos(1));
        world.release(world.lease("b"));
        assertThat(world.stats("a").idle()).as("until the retention is over").isEqualTo(2);
        world.advance(Duration.ofNanos(1));
        world.release(world.lease("b"));

        assertThat(world.pool.endpoints()).containsExactly("b");
        world.verify(20, 100);
    }

    @Test
    void whatIsPastItsLifetimeGoesWhateverMinIdleSays() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(20)
                .minIdle(1)
                .disposeBatchSize(1)
                .maxLifetime(Duration.ofSeconds(20))
                .backgroundCollector(false));
        world.fill("a", 2);
        world.advance(Duration.ofSeconds(20));

        world.release(world.lease("b"));

        assertThat(world.pool.stats().disposed(DisposeReason.MAX_LIFETIME)).isOne();
        world.release(world.lease("b"));
        assertThat(world.pool.stats().disposed(DisposeReason.MAX_LIFETIME)).isEqualTo(2);
        world.verify(20, 100);
    }
}
