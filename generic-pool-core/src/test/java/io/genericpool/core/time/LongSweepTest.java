package io.genericpool.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A sweep that takes seconds, because of what it calls, does not stop the pool's time. Shows I33. */
class LongSweepTest {
    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static PoolListener<String> onLeak(Consumer<LeaseEvent<String>> told) {
        return new PoolListener<>() {
            @Override
            public void onLeakDetected(LeaseEvent<String> event) {
                told.accept(event);
            }
        };
    }

    private static PoolWorld leaky(PoolListener<String> listener) {
        return PoolWorld.with(knobs -> knobs.leakDetectionThreshold(seconds(2))
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(seconds(20))
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .maxSize(40)
                .totalMaxSize(80)
                .listener(listener));
    }

    @Test
    void leaksAreToldAfterTheSweepAndNotByIt() {
        List<String> told = new ArrayList<>();
        var world = leaky(onLeak(event -> told.add(event.endpoint())));
        var held = world.leases("a", 30);
        world.holdCompletions(true);

        world.advance(seconds(5));

        assertThat(world.stats("a").leaks()).isEqualTo(30);
        assertThat(told).isEmpty();
        assertThat(world.completions.pending()).as("one task for all").isOne();
        world.holdCompletions(false);
        assertThat(told).hasSize(30);
        held.forEach(Lease::release);
        world.verify(40, 80);
    }

    @Test
    void whenExecutorsRefuseLeaksAreToldAllTheSame() {
        List<String> told = new ArrayList<>();
        var world = leaky(onLeak(event -> told.add(event.endpoint())));
        var held = world.leases("a", 3);
        world.completions.rejectAll(true);

        world.advance(seconds(5));

        assertThat(told).hasSize(3);
        world.completions.rejectAll(false);
        held.forEach(Lease::release);
        world.verify(40, 80);
    }

    @Test
    void manyLeaksAtOnceDescribeTheThreadOfOneHolderForAll() {
        Set<Optional<String>> holders = new HashSet<>();
        var world = leaky(onLeak(event -> holders.add(event.holder())));
        var held = world.leases("a", 30);

        world.advance(seconds(5));

        assertThat(holders).singleElement().satisfies(holder -> assertThat(holder.orElseThrow())
                .startsWith("thread " + Thread.currentThread().getName() + ", which is now at "));
        held.forEach(Lease::release);
        world.verify(40, 80);
    }

    @Test
    void ofManyHoldersTheFirstFewAreDescribed() throws Exception {
        List<String> holders = new ArrayList<>();
        var world = leaky(onLeak(event -> holders.add(event.holder().orElseThrow())));
        world.fill("a", 40);
        List<Lease<String, FakeConnection<String>>> held = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            var thread = new Thread(() -> held.add(world.pool.tryConnection("a").orElseThrow()), "holder");
            thread.start();
            thread.join();
        }

        world.advance(seconds(5));

        assertThat(holders).hasSize(40);
        assertThat(holders.stream().filter(holder -> holder.endsWith(", which has ended or is virtual")))
                .hasSize(16);
        assertThat(holders).allSatisfy(holder -> assertThat(holder).startsWith("thread number "));
        held.forEach(Lease::release);
        world.verify(40, 80);
    }

    @Test
    void aListenerOnTheCollectorsThreadThatTakesSecondsDoesNotStopTime() {
        var world = new PoolWorld();
        List<Boolean> handedOut = new ArrayList<>();
        var listener = onLeak(event -> {
            handedOut.add(world.pool
                    .tryConnection("b")
                    .map(lease -> {
                        lease.release();
                        return true;
                    })
                    .orElse(false));
            world.clock.advance(seconds(10));
        });
        world.open(knobs -> knobs.leakDetectionThreshold(seconds(2))
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(seconds(20))
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .completionExecutor(Runnable::run)
                .listener(listener));
        var held = world.leases("a", 5);
        world.fill("b", 1);

        world.advance(seconds(4));

        assertThat(handedOut).as("b lives for 20 s").containsExactly(true, true, false, false, false);
        held.forEach(Lease::release);
        world.verify(10, 100);
    }

    @Test
    void instantChecksThatTakeSecondsDoNotStopTime() {
        var world = new PoolWorld(ScriptedManager.<String>full().checkInstantly());
        List<Boolean> handedOut = new ArrayList<>();
        world.open(knobs -> knobs.keepaliveInterval(seconds(4))
                .idleTimeout(PoolConfig.NO_LIMIT)
                .maxLifetime(seconds(20))
                .alivenessBypass(PoolConfig.NO_LIMIT));
        Behaviour slow = Behaviour.perform(() -> {
            handedOut.add(world.pool
                    .tryConnection("old")
                    .map(lease -> {
                        lease.release();
                        return true;
                    })
                    .orElse(false));
            world.clock.advance(seconds(4));
        });
        world.fill("old", 1);
        world.advance(seconds(12));
        for (String endpoint : List.of("x", "y", "z")) {
            world.manager.script(Operation.CHECK, endpoint).always(slow);
            world.fill(endpoint, 1);
        }

        world.advance(seconds(3));

        assertThat(handedOut).as("after 15 s and more; it lives for 20 s").containsExactly(true, false, false);
        world.advance(seconds(1));
        assertThat(world.server.disposed(DisposeReason.MAX_LIFETIME)).isPositive();
        world.verify(10, 100);
    }
}
