package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionCreateException;
import io.genericpool.Lease;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A queue of 20,000 requests for one connection, whatever those who asked do with it. Shows I46. */
@SuppressWarnings("FutureReturnValueIgnored") // what they do is seen at the pool
class AsyncWaitersTest {
    private static final int WAITERS = 20_000;

    private final List<Integer> served = new ArrayList<>();
    private final List<CompletableFuture<Lease<String, FakeConnection<String>>>> requests = new ArrayList<>();

    private PoolWorld world() {
        return PoolWorld.with(knobs -> knobs.maxSize(1));
    }

    @Test
    void allAreServedInOrderByDependentsThatReleaseCancelOrThrow() {
        var world = world();
        var lease = world.lease("a");
        List<CompletableFuture<?>> dependents = new ArrayList<>();
        int expected = 0;
        for (int i = 0; i < WAITERS; i++) {
            int number = i;
            var request = world.pool.connectionAsync("a");
            requests.add(request);
            switch (i % 4) {
                case 0, 1 -> dependents.add(request.thenAccept(granted -> serve(number, granted)));
                case 2 ->
                    dependents.add(request.thenAccept(granted -> {
                        serve(number, granted);
                        throw new IllegalStateException("after its release");
                    }));
                default -> {
                    var dependent = request.thenAccept(granted -> serve(number, granted));
                    dependents.add(dependent);
                    dependent.cancel(true);
                }
            }
            expected += i % 4 == 3 ? 0 : 1;
        }
        assertThat(world.stats("a").waiters()).isEqualTo(expected);

        world.release(lease);

        assertThat(served).hasSize(expected).isSorted();
        assertThat(dependents).allMatch(CompletableFuture::isDone);
        assertThat(world.stats("a").cancelled()).isEqualTo(WAITERS - expected);
        assertThat(world.stats("a").idle()).isOne();
        assertThat(world.server.created()).isOne();
        world.verify(1, 100);
    }

    @Test
    void dependentsMayCancelTheRequestBehindThem() {
        var world = world();
        var lease = world.lease("a");
        for (int i = 0; i < WAITERS; i++) {
            int number = i;
            var request = world.pool.connectionAsync("a");
            requests.add(request);
            request.thenAccept(granted -> {
                serve(number, granted);
                if (number + 1 < WAITERS) {
                    requests.get(number + 1).cancel(true);
                }
            });
        }

        world.release(lease);

        assertThat(served).hasSize(WAITERS / 2).isSorted().allMatch(number -> number % 2 == 0);
        assertThat(world.stats("a").idle()).isOne();
        world.verify(1, 100);
    }

    @Test
    void allAreServedOnOneThreadOfAPool() throws Exception {
        ExecutorService completions = Executors.newSingleThreadExecutor();
        var world = new PoolWorld();
        world.open(knobs -> knobs.maxSize(1).completionExecutor(completions));
        var lease = world.lease("a");
        CompletableFuture<?>[] done = new CompletableFuture<?>[WAITERS];
        for (int i = 0; i < WAITERS; i++) {
            int number = i;
            done[i] = world.pool.connectionAsync("a").thenAccept(granted -> serve(number, granted));
        }

        lease.release();
        CompletableFuture.allOf(done).get(30, TimeUnit.SECONDS);

        assertThat(served).hasSize(WAITERS).isSorted();
        completions.shutdown();
        assertThat(completions.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        world.verify(1, 100);
    }

    @Test
    void allFuturesEndWhenTheCompletionExecutorRejectsFromSomePointOn() {
        var world = world();
        var lease = world.lease("a");
        var failures = new AtomicInteger();
        for (int i = 0; i < WAITERS; i++) {
            int number = i;
            var request = world.pool.connectionAsync("a");
            requests.add(request);
            request.whenComplete((granted, failure) -> {
                if (failure != null) {
                    failures.incrementAndGet();
                    return;
                }
                serve(number, granted);
                if (number == 500) {
                    world.completions.rejectAll(true);
                }
            });
        }

        world.release(lease);

        assertThat(unfinished()).isZero();
        assertThat(served.size() + failures.get()).isEqualTo(WAITERS);
        assertThat(failures.get()).isGreaterThan(WAITERS / 2);
        assertThatThrownBy(requests.get(WAITERS - 1)::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(world.stats("a").idle()).isOne();
        assertThat(world.stats("a").waiters()).isZero();
        world.verify(1, 100);
    }

    @Test
    void allFuturesEndWhenTheConnectExecutorRejects() {
        var world = world();
        var lease = world.lease("a");
        queueAll(world);
        world.connects.rejectAll(true);

        lease.invalidate();
        world.settle();

        assertThat(unfinished()).isZero();
        assertThat(requests).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThatThrownBy(requests.get(WAITERS - 1)::join)
                .hasCauseInstanceOf(ConnectionCreateException.class)
                .hasRootCauseInstanceOf(RejectedExecutionException.class);
        assertThat(world.pool.stats().total()).isZero();
        world.verify(1, 100);
    }

    @Test
    void allFuturesEndWhenBothExecutorsReject() {
        var world = world();
        var lease = world.lease("a");
        queueAll(world);
        world.connects.rejectAll(true);
        world.completions.rejectAll(true);

        lease.invalidate(); // its disposal gets a thread of its own, and all else follows there

        Awaitility.await().untilAsserted(() -> assertThat(unfinished()).isZero());
        Awaitility.await()
                .untilAsserted(() -> assertThat(world.pool.stats().total()).isZero());
        world.verify(1, 100);
    }

    @Test
    void allFuturesEndWhenEveryConnectFailsOnTheCallersThread() {
        var world = new PoolWorld();
        world.open(knobs -> knobs.maxSize(1).connectExecutor(Runnable::run));
        var lease = world.lease("a");
        world.manager.script(Operation.CREATE).always(Behaviour.fail(() -> new IOException("refused")));
        queueAll(world);

        lease.invalidate();
        world.settle();

        assertThat(unfinished()).isZero();
        assertThat(requests).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(world.server.createsStarted()).isEqualTo(WAITERS + 1);
        world.verify(1, 100);
    }

    @Test
    void allAreServedWhenCompletionsRunOnTheThreadThatReleases() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).completionExecutor(Runnable::run));
        var lease = world.lease("a");
        List<CompletableFuture<?>> dependents = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            int number = i;
            dependents.add(world.pool.connectionAsync("a").thenAccept(granted -> serve(number, granted)));
        }

        world.release(lease);

        assertThat(dependents).allSatisfy(dependent -> assertThat(dependent).isCompleted());
        assertThat(served).hasSize(WAITERS).isSorted();
        world.verify(1, 100);
    }

    @Test
    void cancellingFromTheEndOrFromTheFrontLeavesNothing() {
        var world = world();
        var lease = world.lease("a");
        queueAll(world);
        var queue = new ArrayDeque<>(requests);
        while (!queue.isEmpty()) {
            assertThatThrownBy(cancelled(queue.pollFirst())::join).isInstanceOf(CancellationException.class);
            assertThatThrownBy(cancelled(queue.pollLast())::join).isInstanceOf(CancellationException.class);
        }

        assertThat(world.stats("a").waiters()).isZero();
        world.release(lease);
        assertThat(world.clock.pendingTimers()).as("the collector's").isOne();
        world.verify(1, 100);
    }

    private void queueAll(PoolWorld world) {
        for (int i = 0; i < WAITERS; i++) {
            requests.add(world.pool.connectionAsync("a"));
        }
    }

    private static <T> CompletableFuture<T> cancelled(CompletableFuture<T> future) {
        future.cancel(true);
        return future;
    }

    private long unfinished() {
        return requests.stream().filter(request -> !request.isDone()).count();
    }

    private void serve(int number, Lease<String, FakeConnection<String>> lease) {
        served.add(number);
        try (var use = lease.connection().use()) {
            assertThat(use).isNotNull();
        } finally {
            lease.release();
        }
    }
}
