package io.genericpool.fleet;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Several pools and one engine in virtual time, on the test's own thread. */
final class FleetWorld {
    static final Duration LONG = Duration.ofHours(10);

    final FakePoolClock clock = new FakePoolClock(Long.MAX_VALUE - 3_000_000_000L);
    final InProcessEngine engine = new InProcessEngine(clock);
    private final ManualExecutor executor = new ManualExecutor();
    final List<Member> members = new ArrayList<>();

    FleetWorld() {
        clock.autoAdvance(this::pump);
    }

    /** One process of the fleet. */
    final class Member {
        final ScriptedManager<String> manager;
        final ConnectionPool<String, FakeConnection<String>> pool;

        Member(
                ScriptedManager<String> manager,
                FleetLimits<String> limits,
                Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
            this.manager = manager;
            var builder = ConnectionPools.builder(manager)
                    .clock(clock)
                    .connectExecutor(executor)
                    .completionExecutor(executor)
                    .connectGovernor(ConnectGovernor.unlimited())
                    .alivenessBypass(PoolConfig.NO_LIMIT)
                    .maxSize(50)
                    .idleTimeout(Duration.ofHours(5))
                    .sharedLimits(limits);
            knobs.accept(builder);
            pool = builder.build();
            settle();
        }

        CompletableFuture<Lease<String, FakeConnection<String>>> ask(String endpoint) {
            var request = pool.connectionAsync(endpoint, LONG);
            settle();
            return request;
        }

        List<CompletableFuture<Lease<String, FakeConnection<String>>>> ask(String endpoint, int times) {
            var requests = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
            for (int i = 0; i < times; i++) {
                requests.add(ask(endpoint));
            }
            return requests;
        }

        int open(String endpoint) {
            return manager.server().open(endpoint);
        }

        int share(String endpoint) {
            return pool.stats(endpoint).orElseThrow().share().orElseThrow();
        }
    }

    FleetLimitsBuilder<String> limits(int cap) {
        return limits(engine, cap);
    }

    static FleetLimitsBuilder<String> limits(FleetEngine engine, int cap) {
        return FleetLimits.<String>builder(engine).name("fleet").cap(endpoint -> cap);
    }

    Member join(FleetLimitsBuilder<String> limits) {
        return join(limits, knobs -> {});
    }

    Member join(
            FleetLimitsBuilder<String> limits, Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        var member = new Member(ScriptedManager.full(), limits.build(), knobs);
        members.add(member);
        return member;
    }

    int open(String endpoint) {
        return members.stream().mapToInt(member -> member.open(endpoint)).sum();
    }

    int pump() {
        clock.advance(Duration.ZERO);
        return executor.runAll();
    }

    void settle() {
        while (pump() > 0) {
            // goes on until there is nothing left to do
        }
    }

    void advance(Duration time) {
        long left = time.toNanos();
        settle();
        while (left > 0) {
            long step = Math.min(left, Math.max(1, clock.nanosToNextEvent().orElse(left)));
            clock.advance(Duration.ofNanos(step));
            settle();
            left -= step;
        }
    }

    void gather() {
        advance(Duration.ofMillis(25));
    }

    static void release(List<CompletableFuture<Lease<String, FakeConnection<String>>>> requests) {
        for (var request : requests) {
            if (request.isDone() && !request.isCompletedExceptionally()) {
                request.join().release();
            }
        }
    }

    static long granted(List<CompletableFuture<Lease<String, FakeConnection<String>>>> requests) {
        return requests.stream()
                .filter(request -> request.isDone() && !request.isCompletedExceptionally())
                .count();
    }
}
