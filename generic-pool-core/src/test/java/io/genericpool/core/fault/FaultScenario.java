package io.genericpool.core.fault;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolStats;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.fault.FaultServer.Answer;
import io.genericpool.event.PoolListener;
import io.genericpool.group.Routing;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One pool of one thread: time stands still, and executors run what they are given when the scenario says so. */
public final class FaultScenario implements FaultRun {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Longer than all timeouts, each waited for twice, and some sweeps. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final int TOTAL = 3;

    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final FaultServer server = new FaultServer();
    private final List<String> wrong = new ArrayList<>();
    private final List<Lease<String, Object>> leases = new ArrayList<>();
    private final List<CompletableFuture<?>> futures = new ArrayList<>();
    private final ConnectionPool<String, Object> pool;
    private EndpointGroup<String, Object> group;

    /** One step of a scenario. */
    private interface Part {
        void run() throws Exception;
    }

    /** Makes the pool. @param isFull whether its manager has hooks, checks and stages */
    public FaultScenario(boolean isFull) {
        clock.autoAdvance(executor::runAll);
        var builder = ConnectionPools.builder(isFull ? server.full() : server.plain())
                .maxSize(2)
                .totalMaxSize(TOTAL)
                .maxWaiters(2)
                .acquireTimeout(Duration.ofSeconds(4))
                .connectTimeout(SECOND)
                .checkTimeout(SECOND)
                .resetTimeout(SECOND)
                .disposeTimeout(SECOND)
                .idleTimeout(Duration.ofSeconds(20))
                .alivenessBypass(SECOND)
                .maxLifetimeJitter(0)
                .idleTimeoutJitter(0)
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor);
        if (isFull) {
            builder.listener(new PoolListener<>() {});
        }
        pool = builder.build();
    }

    // ---- the scenario

    @Override
    public void play() {
        useAndShare();
        leave();
        breakThings();
        fallSilent();
        operate();
        askGroup();
        part(() -> clock.advance(LONG));
    }

    private void useAndShare() {
        take("a");
        giveBack();
        part(() -> pool.tryConnection("a").ifPresent(leases::add));
        giveBack();
        part(() -> pool.use("a", connection -> 1));
        part(() -> keep(pool.useAsync("a", connection -> CompletableFuture.completedStage(1))));
        for (int i = 0; i < 3; i++) {
            part(() -> keep(pool.connectionAsync("a")));
        }
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
        take("b");
        take("b");
        part(() -> keep(pool.connectionAsync("a")));
        part(() -> keep(pool.newConnectionAsync("b")));
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
        giveBack();
    }

    /** Requests that go as they came: cancelled, timed out, turned away. */
    private void leave() {
        take("a");
        take("a");
        part(() -> pool.connectionAsync("a").cancel(true));
        part(() -> keep(pool.connectionAsync("a", SECOND)));
        part(() -> clock.advance(SECOND.plusSeconds(1)));
        part(() -> leases.add(pool.connection("a", SECOND)));
        for (int i = 0; i < 4; i++) {
            part(() -> keep(pool.connectionAsync("a")));
        }
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
        giveBack();
    }

    private void breakThings() {
        take("a");
        part(() -> leases.get(0).invalidate(new IOException("broken")));
        part(executor::runAll);
        part(() -> pool.use("a", connection -> {
            throw new IOException("broken");
        }));
        part(executor::runAll);
        server.nextConnect(Answer.FAIL);
        take("a");
        take("a");
        giveBack();
        part(() -> clock.advance(SECOND.multipliedBy(2)));
        server.nextCheck(Answer.FAIL);
        take("a");
        giveBack();
        part(() -> server.lastBound().dead(new IOException("reset by peer")));
        part(executor::runAll);
        server.nextReset(Answer.FAIL);
        take("a");
        giveBack();
        part(executor::runAll);
    }

    /** Calls that do not come back in time. */
    private void fallSilent() {
        server.nextConnect(Answer.HANG);
        take("c");
        part(() -> clock.advance(SECOND.multipliedBy(3)));
        part(server::recover);
        part(executor::runAll);
        take("a");
        server.nextReset(Answer.HANG);
        giveBack();
        part(() -> clock.advance(SECOND.multipliedBy(3)));
        part(server::recover);
        take("a");
        giveBack();
        part(executor::runAll);
        part(() -> clock.advance(SECOND.multipliedBy(2)));
        server.nextCheck(Answer.HANG);
        part(() -> keep(pool.connectionAsync("a")));
        part(executor::runAll);
        part(() -> clock.advance(SECOND.multipliedBy(3)));
        part(server::recover);
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
    }

    private void operate() {
        part(() -> keep(pool.warmUp("b", 2)));
        part(executor::runAll);
        part(() -> pool.evict("b"));
        part(executor::runAll);
        part(() -> pool.suspend("b", SuspendMode.WAIT));
        part(() -> keep(pool.connectionAsync("b")));
        surely(() -> pool.resume("b"));
        part(executor::runAll);
        giveBack();
        part(() -> pool.resize("b", EndpointLimits.of(0, 1)));
        part(executor::runAll);
        surely(() -> pool.resetLimits("b"));
        part(() -> pool.resizeTotal(1));
        part(executor::runAll);
        surely(() -> pool.resizeTotal(TOTAL));
        part(pool::evictAll);
        part(executor::runAll);
    }

    /** Requests that wait at two endpoints at a time, and are served, moved on or withdrawn. */
    private void askGroup() {
        Routing<String> routing =
                Routing.<String>roundRobin().spillAfter(SECOND).hedgeAfter(SECOND.dividedBy(2));
        part(() -> group = pool.group("g", routing, "a", "b"));
        for (int i = 0; i < 4; i++) {
            part(() -> keep(asked().connectionAsync()));
        }
        part(executor::runAll);
        part(() -> keep(asked().connectionAsync(SECOND)));
        part(() -> asked().connectionAsync().cancel(true));
        part(() -> leases.add(asked().connection(SECOND)));
        part(() -> clock.advance(SECOND.plusSeconds(1)));
        part(() -> keep(asked().connectionAsync()));
        giveBack();
        part(executor::runAll);
        giveBack();
        part(executor::runAll);
        giveBack();
        part(pool::evictAll);
        part(executor::runAll);
        server.nextConnect(Answer.FAIL);
        part(() -> leases.add(asked().connection()));
        giveBack();
        part(pool::evictAll);
        part(executor::runAll);
        server.nextConnect(Answer.HANG);
        part(() -> keep(asked().connectionAsync()));
        part(executor::runAll);
        part(() -> clock.advance(SECOND.multipliedBy(3)));
        part(server::recover);
        part(executor::runAll);
        giveBack();
        part(() -> asked().use(connection -> 1));
        part(executor::runAll);
    }

    private EndpointGroup<String, Object> asked() {
        EndpointGroup<String, Object> made = group;
        if (made == null) {
            throw new IllegalArgumentException("an error has kept the group from being made");
        }
        return made;
    }

    /** What an operator would do again. */
    private void surely(Part part) {
        if (!part(part)) {
            part(part);
        }
    }

    private void take(String endpoint) {
        part(() -> leases.add(pool.connection(endpoint)));
    }

    private void keep(CompletableFuture<?> future) {
        futures.add(future);
    }

    /** All leases that were granted end; one whose release has failed with an error is released again. */
    @SuppressWarnings("unchecked")
    private void giveBack() {
        for (CompletableFuture<?> future : futures) {
            if (future.isDone() && !future.isCompletedExceptionally() && future.join() instanceof Lease<?, ?> lease) {
                leases.add((Lease<String, Object>) lease);
            }
        }
        futures.removeIf(CompletableFuture::isDone);
        for (Lease<String, Object> lease : leases) {
            surely(lease::release);
        }
        leases.clear();
    }

    /** What a step throws goes no further: an error that was injected, or what became of a request. */
    private boolean part(Part part) {
        try {
            Thread.interrupted(); // this thread stands for many
            part.run();
            return true;
        } catch (Throwable e) {
            if (e instanceof AssertionError || e instanceof IllegalStateException) {
                wrong.add("unexpected: " + e);
            }
            return false;
        }
    }

    // ---- afterwards

    @Override
    public List<String> settle() {
        server.recover();
        quieten();
        giveBack();
        quieten();
        PoolStats atRest = pool.stats();
        expect(futures.isEmpty(), "a future is not completed");
        expect(atRest.waiters() == 0 && atRest.starving() == 0, "somebody waits");
        expect(atRest.total() == atRest.idle(), "a connection is neither idle nor gone");
        expect(atRest.abandoned() == 0, "something is abandoned for good");
        expect(atRest.total() == server.open.size(), "the server counts " + server.open.size());
        expect(
                atRest.acquires() >= atRest.granted(), // a call that an error has broken off may have no outcome
                "requests do not add up");
        serveInFull();
        giveBack();
        pool.close(Duration.ofSeconds(5));
        quieten();
        PoolStats closed = pool.stats();
        expect(closed.total() == 0 && closed.abandoned() == 0, "something is left after the close");
        expect(server.open.isEmpty(), "the server still counts " + server.open.size() + " after the close");
        wrong.addAll(server.wrong);
        if (!wrong.isEmpty()) {
            wrong.add(atRest.toString());
        }
        return wrong;
    }

    @Override
    public long repaired() {
        return pool.stats().repaired();
    }

    private void quieten() {
        part(executor::runAll);
        for (int i = 0; i < 10; i++) {
            part(() -> clock.advance(SECOND));
            part(executor::runAll);
        }
    }

    private void serveInFull() {
        for (String endpoint : List.of("a", "b", "b")) {
            try {
                leases.add(pool.connection(endpoint));
            } catch (RuntimeException e) {
                wrong.add("no connection to " + endpoint + ": " + e);
            }
        }
        expect(pool.stats().leased() == TOTAL, "the pool does not serve its total");
        try {
            expect(pool.tryConnection("a").isEmpty(), "there is one more connection than there may be");
        } catch (RuntimeException e) {
            wrong.add("tryConnection failed: " + e);
        }
    }

    private void expect(boolean isTrue, String otherwise) {
        if (!isTrue) {
            wrong.add(otherwise);
        }
    }
}
