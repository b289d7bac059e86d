package io.genericpool.replay.internal.engine;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.Recording.Outcome;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One replay: the real engine on a virtual clock, with callers that ask and hold as was recorded. All of it runs on one thread,
 * in the order of virtual time, so it comes out the same each time.
 */
public final class Run {
    private static final int PER_PROGRESS = 10_000;

    private final Load load;
    private final Recording recording;
    private final boolean isClosedLoop;
    private final Knobs knobs;
    private final IntConsumer progress;
    private final boolean keepsTimeouts;

    private final VirtualClock clock = new VirtualClock();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final PlayedManager manager;
    private final ConnectionPool<Integer, PlayedConnection> pool;
    private final long[] waits;
    private final BitSet refused = new BitSet();
    private int ended;
    private int timedOut;
    private int failed;

    /**
     * What came of a replay.
     *
     * @param waits per acquire of the recording, in nanoseconds
     * @param refused which of them got no lease
     * @param mostOpen the most connections at once
     * @param meanOpen how many there were on average
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Result(
            long[] waits,
            BitSet refused,
            int timedOut,
            int failed,
            int opened,
            int connectsFailed,
            int mostOpen,
            double meanOpen) {}

    /**
     * Prepares one.
     *
     * @param isClosedLoop each requester asks again after the time it took in the recording, rather than at the recorded time
     * @param progress told how many acquires have ended, from time to time
     */
    public Run(Load load, Knobs knobs, boolean isClosedLoop, IntConsumer progress) {
        this.load = load;
        this.recording = load.recording;
        this.knobs = knobs.validated();
        this.isClosedLoop = isClosedLoop;
        this.progress = progress;
        this.keepsTimeouts = recording
                .knobs()
                .map(Knobs::acquireTimeout)
                .orElse(Knobs.DEFAULTS.acquireTimeout())
                .equals(knobs.acquireTimeout());
        this.waits = new long[recording.size()];
        this.manager = new PlayedManager(clock, recording);
        this.pool = ConnectionPools.builder(manager)
                .name("replay")
                .maxSize(knobs.maxSize())
                .totalMaxSize(knobs.totalMaxSize())
                .minIdle(knobs.minIdle())
                .maxWaiters(knobs.maxWaiters())
                .maxConnectsPerEndpoint(knobs.maxConnectsPerEndpoint())
                .acquireTimeout(knobs.acquireTimeout())
                .connectTimeout(knobs.connectTimeout())
                .idleTimeout(knobs.idleTimeout())
                .maxLifetime(knobs.maxLifetime())
                .idleTimeoutJitter(0)
                .maxLifetimeJitter(0)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .connectGovernor(CircuitGovernor.builder().backoffJitter(0).build())
                .clock(clock)
                .connectExecutor(tasks::add)
                .completionExecutor(tasks::add)
                .build();
    }

    /** Replays. Once. */
    public Result run() {
        warmUp();
        manager.startCounting();
        int death = 0;
        int request = 0;
        while (ended < recording.size()) {
            long atRequest = request < recording.size() ? recording.requestedAt(request) : Long.MAX_VALUE;
            long atDeath = death < recording.deaths() ? recording.diedAt(death) : Long.MAX_VALUE;
            long atTimer = clock.next();
            if (atTimer <= atRequest && atTimer <= atDeath) {
                clock.runNext();
            } else if (atDeath <= atRequest) {
                clock.moveTo(atDeath);
                manager.die(recording.deathEndpoint(death), recording.ageAtDeath(death), recording.isEviction(death));
                death++;
            } else {
                clock.moveTo(atRequest);
                if (!isClosedLoop || load.isFirst[request] || load.think[request] < 0) {
                    request(request);
                }
                request++;
            }
            runTasks();
        }
        double meanOpen = manager.meanOpen(0);
        var result = new Result(
                waits, refused, timedOut, failed, manager.opened(), manager.failed(), manager.most(), meanOpen);
        close();
        return result;
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void warmUp() {
        manager.isWarmingUp = true;
        for (int i = 0; i < load.warm.length; i++) {
            int connections = Math.min(load.warm[i], knobs.maxSize());
            if (connections > 0) {
                CompletableFuture<Integer> unused = pool.warmUp(i, connections);
                runTasks();
            }
        }
        manager.isWarmingUp = false;
    }

    private void close() {
        pool.close(Duration.ZERO);
        runTasks();
    }

    private void request(int number) {
        long requestedAt = clock.nanoTime();
        CompletableFuture<Lease<Integer, PlayedConnection>> future = timeout(number) < 0
                ? pool.connectionAsync(recording.endpoint(number))
                : pool.connectionAsync(recording.endpoint(number), Nanos.toDuration(timeout(number)));
        if (future.isDone() && !future.isCompletedExceptionally()) {
            granted(number, future.join(), requestedAt, false);
        } else {
            CompletableFuture<?> unused = future.whenComplete((lease, failure) -> {
                if (lease != null) {
                    granted(number, lease, requestedAt, true);
                } else {
                    refused(number, failure, requestedAt);
                }
            });
        }
    }

    /** One that timed out did so by its own timeout, perhaps not the pool's. @return -1 for the pool's */
    private long timeout(int number) {
        return keepsTimeouts && recording.outcome(number) == Outcome.TIMED_OUT ? recording.waited(number) : -1;
    }

    private void granted(int number, Lease<Integer, PlayedConnection> lease, long requestedAt, boolean hasWaited) {
        int endpoint = recording.endpoint(number);
        long handOver = 0;
        if (hasWaited) {
            handOver = recording.handOver(number) > 0 ? recording.handOver(number) : load.handOver[endpoint];
        }
        waits[number] = clock.nanoTime() - requestedAt + handOver;
        long held = held(number, endpoint) + handOver;
        if (isClosedLoop) { // else it does not matter when the requester goes on
            clock.schedule(() -> end(number), held);
        }
        clock.schedule(() -> release(number, lease), held + load.turnaround[number]);
    }

    private void release(int number, Lease<Integer, PlayedConnection> lease) {
        if (recording.outcome(number) == Outcome.INVALIDATED) {
            lease.invalidate();
        } else {
            lease.release();
        }
        if (!isClosedLoop) {
            end(number);
        }
    }

    /** Without its hand-over. One that had no lease in the recording holds for as long as some other one did. */
    private long held(int number, int endpoint) {
        if (recording.outcome(number).isLease()) {
            return recording.held(number) - recording.handOver(number);
        }
        long[] holds = load.holds[endpoint];
        return holds == null || holds.length == 0 ? 0 : holds[random.nextInt(holds.length)];
    }

    private void refused(int number, @Nullable Throwable failure, long requestedAt) {
        waits[number] = clock.nanoTime() - requestedAt;
        refused.set(number);
        if (failure instanceof AcquireTimeoutException) {
            timedOut++;
        } else {
            failed++;
        }
        end(number);
    }

    /** The requester goes on. */
    private void end(int number) {
        ended++;
        if (ended % PER_PROGRESS == 0) {
            progress.accept(ended);
        }
        if (isClosedLoop) {
            int next = load.nextOfRequester[number];
            if (next >= 0 && load.think[next] >= 0) {
                clock.schedule(() -> request(next), load.think[next]);
            }
        }
    }
}
