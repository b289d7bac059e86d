package io.genericpool.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.SuspendMode;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.group.Routing;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random traces of requests to groups and to their members, in virtual time and on one thread. After each step, nothing waits that
 * could be served, nothing is lent twice, and no request of a group that has ended stands in a queue. Shows I9, I54, I55 and
 * I56.
 */
@Timeout(120)
class GroupTraceTest {
    private static final int STEPS = Integer.getInteger("group.trace.steps", 250);
    private static final int SEEDS = Integer.getInteger("group.trace.seeds", 60);
    private static final long FIRST = Long.getLong("group.trace.first", 1);
    private static final int MAX_SIZE = 3;
    private static final int TOTAL = 6;
    private static final List<String> ENDPOINTS = List.of("a", "b", "c", "d");

    /** With how many connects had failed at each endpoint when it came. */
    private record Request(
            CompletableFuture<Lease<String, FakeConnection<String>>> future,
            Set<String> members,
            Map<String, Long> failuresBefore,
            boolean isNewOnly) {}

    private final List<Request> requests = new ArrayList<>();
    private final List<Lease<String, FakeConnection<String>>> leases = new ArrayList<>();
    private final Set<String> suspended = new HashSet<>();
    private final Map<String, Integer> sizes = new HashMap<>();
    private final Map<EndpointGroup<String, FakeConnection<String>>, Set<String>> groups = new HashMap<>();

    static LongStream seeds() {
        return LongStream.range(FIRST, FIRST + SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingWaitsThatCouldBeServed(long seed) {
        var random = new SplittableRandom(seed);
        var world = PoolWorld.with(knobs -> knobs.maxSize(MAX_SIZE)
                .totalMaxSize(TOTAL)
                .backgroundCollector(random.nextBoolean())
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .overtakeWindow(Duration.ZERO)
                .idleTimeout(Duration.ofHours(1)));
        var policies = policies(random);
        groups.put(world.pool.group("first", policies.get(0), "a", "b", "c"), Set.of("a", "b", "c"));
        groups.put(world.pool.group("second", policies.get(1), "c", "d"), Set.of("c", "d"));
        for (int i = 0; i < STEPS; i++) {
            step(world, random);
            world.settle();
            take();
            check(world, seed, i);
        }
        end(world);
    }

    private static List<Routing<String>> policies(SplittableRandom random) {
        List<Routing<String>> all = new ArrayList<>(
                List.of(Routing.inOrder(), Routing.roundRobin(), Routing.leastLoaded(), Routing.weighted(e -> 1)));
        all.replaceAll(policy -> random.nextBoolean() ? policy.spillAfter(Duration.ofMillis(20)) : policy);
        all.replaceAll(policy -> random.nextBoolean() ? policy.hedgeAfter(Duration.ofMillis(10)) : policy);
        all.replaceAll(policy -> random.nextInt(3) == 0 ? policy.tier(e -> e.equals("c") ? 1 : 0) : policy);
        int first = random.nextInt(all.size());
        return List.of(all.get(first), all.get((first + 1) % all.size()));
    }

    private void step(PoolWorld world, SplittableRandom random) {
        String endpoint = ENDPOINTS.get(random.nextInt(ENDPOINTS.size()));
        Duration timeout = Duration.ofMillis(random.nextInt(1, 200));
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> {
                // By name: the order of a map of groups differs from run to run.
                var group = groups.keySet().stream()
                        .sorted(Comparator.comparing(EndpointGroup::name))
                        .toList()
                        .get(random.nextInt(groups.size()));
                var before = failures(world);
                boolean isNewOnly = random.nextInt(4) == 0;
                var future = isNewOnly ? group.newConnectionAsync(timeout) : group.connectionAsync(timeout);
                requests.add(new Request(future, groups.get(group), before, isNewOnly));
            }
            case 5 -> {
                var before = failures(world);
                boolean isNewOnly = random.nextInt(4) == 0;
                var future = isNewOnly
                        ? world.pool.newConnectionAsync(endpoint, timeout)
                        : world.pool.connectionAsync(endpoint, timeout);
                requests.add(new Request(future, Set.of(endpoint), before, isNewOnly));
            }
            case 6, 7, 8, 9 -> {
                if (!leases.isEmpty()) {
                    leases.remove(random.nextInt(leases.size())).release();
                }
            }
            case 10 -> {
                if (!leases.isEmpty()) {
                    leases.remove(random.nextInt(leases.size())).invalidate();
                }
            }
            case 11 -> {
                if (!requests.isEmpty()) {
                    requests.get(random.nextInt(requests.size())).future.cancel(true);
                }
            }
            case 12 -> world.advance(Duration.ofMillis(random.nextInt(1, 40)));
            case 13 -> world.manager.script(Operation.CREATE, endpoint).next(Behaviour.fail(new IOException("down")));
            case 14 -> {
                if (suspended.remove(endpoint)) {
                    world.pool.resume(endpoint);
                } else if (random.nextInt(3) == 0 && suspended.add(endpoint)) {
                    world.pool.suspend(endpoint, SuspendMode.WAIT);
                }
            }
            default -> {
                if (random.nextBoolean()) {
                    world.pool.evict(endpoint);
                } else {
                    int size = random.nextInt(1, MAX_SIZE + 1);
                    sizes.put(endpoint, size);
                    world.pool.resize(endpoint, EndpointLimits.of(0, size));
                }
            }
        }
    }

    /** Requests that have got a lease, and those that have ended without. */
    private void take() {
        for (Request request : List.copyOf(requests)) {
            if (request.future.isDone()) {
                requests.remove(request);
                if (!request.future.isCompletedExceptionally()) {
                    leases.add(request.future.join());
                }
            }
        }
    }

    private void check(PoolWorld world, long seed, int step) {
        var stats = world.pool.stats();
        assertThat(stats.leased()).as("leases, seed %s, step %s", seed, step).isEqualTo(leases.size());
        assertThat(leases.stream().map(Lease::connection)).doesNotHaveDuplicates();
        Map<String, Integer> waiters = new HashMap<>();
        for (Request request : requests) {
            for (String member : request.members) {
                waiters.merge(member, 1, Integer::sum);
                assertCannotServe(world, member, request, seed, step);
            }
        }
        for (String endpoint : ENDPOINTS) {
            int most = waiters.getOrDefault(endpoint, 0);
            assertThat(world.pool.stats(endpoint).map(s -> s.waiters()).orElse(0))
                    .as("those that wait at %s, seed %s, step %s", endpoint, seed, step)
                    .isLessThanOrEqualTo(most);
        }
    }

    /** Nothing is idle there, and no connection may be opened: nor is one of another endpoint idle that could make room. */
    private void assertCannotServe(PoolWorld world, String member, Request request, long seed, int step) {
        var at = world.pool.stats(member);
        if (suspended.contains(member)) {
            return;
        }
        var all = world.pool.stats();
        at.ifPresent(s -> assertThat(request.isNewOnly ? 0 : s.idle())
                .as("idle at %s, seed %s, step %s: %s", member, seed, step, s)
                .isZero());
        if (at.isEmpty() || !failures(world).get(member).equals(request.failuresBefore.get(member))) {
            return; // its tier was not asked; or its connect may have failed there, and no other is started for it
        }
        boolean isFull = at.get().total() >= sizes.getOrDefault(member, MAX_SIZE);
        assertThat(isFull || all.total() >= TOTAL || at.get().waiters() == 0)
                .as("room at %s, seed %s, step %s: %s", member, seed, step, all)
                .isTrue();
    }

    private static Map<String, Long> failures(PoolWorld world) {
        Map<String, Long> failures = new HashMap<>();
        ENDPOINTS.forEach(e -> failures.put(e, world.server.createsStarted(e) - world.server.created(e)));
        return failures;
    }

    private void end(PoolWorld world) {
        for (Lease<String, FakeConnection<String>> lease : leases) {
            lease.release();
        }
        requests.forEach(request -> request.future.cancel(true));
        suspended.forEach(world.pool::resume);
        world.settle();
        assertThat(world.pool.stats().waiters()).isZero();
        assertThat(world.pool.stats().leased()).isZero();
        world.verify(MAX_SIZE, TOTAL);
    }
}
