package io.genericpool.core.model;

import io.genericpool.CloseReport;
import io.genericpool.ConnectionPool;
import io.genericpool.SuspendMode;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** One pool and its model in a trace, from its making to the end of its close: plays each step on both. */
final class World {
    private static final int STEPS_AFTER_CLOSE = 20;
    private static final int MAP_OF = 12;
    private static final int MAP_FOR_ALL = 50;
    private static final int LAST_TIMERS = 10_000;

    final TraceConfig config;
    final TraceLog log = new TraceLog();
    final TraceClock clock = new TraceClock(this::parked);
    final TraceExecutor executor = new TraceExecutor();
    final TraceServer server;
    final PoolModel model;
    final ConnectionPool<Target, Connection> pool;
    final Target[] targets;
    final RequestSteps requests;
    final GroupSteps groups;
    private final OperatorSteps operators;
    private final Comparison comparison;
    private final Supplier<Step> next;
    private final List<String> story;
    private Fault fault = Fault.NONE;
    private int stepsAfterClose;
    /** How long the close under way may take, until the model has been told; negative when none is. */
    private long closeTimeout = -1;
    /** When the closer that is parked wakes up; negative when none is. */
    private long wakesAt = -1;

    private int openBefore;
    private CloseReport report;

    /**
     * Makes a pool and its model.
     *
     * @param next the next step of the trace, for what happens while a close waits; gives null at the end
     * @param story where to tell what happens; null for nowhere
     */
    World(TraceConfig config, Pools pools, Supplier<Step> next, List<String> story) {
        this.config = config;
        this.next = next;
        this.story = story;
        this.server = new TraceServer(config, log, clock);
        this.model = pools.model(config);
        this.model.log = log;
        this.targets = new Target[config.endpoints];
        for (int e = 0; e < targets.length; e++) {
            targets[e] = new Target(e);
        }
        this.pool = pools.pool(this);
        spread();
        this.comparison = new Comparison(this);
        this.requests = new RequestSteps(this);
        this.groups = new GroupSteps(this, pools);
        this.operators = new OperatorSteps(this);
    }

    /** Has the pool's map of endpoints grow until each has a place of its own, so that walks over them follow their numbers. */
    private void spread() {
        int most = targets.length > MAP_OF ? 2 * MAP_FOR_ALL : 0;
        for (int e = targets.length; e < most; e++) {
            pool.suspend(new Target(e), SuspendMode.WAIT);
        }
        for (int e = targets.length; e < most; e++) {
            pool.resume(new Target(e));
        }
        executor.runAll();
        log.entries.clear();
    }

    boolean isOver() {
        return stepsAfterClose > STEPS_AFTER_CLOSE;
    }

    /** Plays a step on pool and model, and compares them. */
    void play(Step step) {
        fault = step.fault < 0 ? Fault.NONE : config.faults.get(step.fault % config.faults.size());
        if (fault != Fault.NONE && !fault.isMomentary()) {
            server.armed = fault;
        }
        if (model.hasClosed) {
            stepsAfterClose++;
        }
        act(step, step.endpoint % config.endpoints);
    }

    private void act(Step step, int e) {
        long own = config.acquireTimeout;
        if (groups.act(step)) {
            return;
        }
        switch (step.kind) {
            case ACQUIRE ->
                requests.acquire(
                        e, false, true, step.oneOf(own, own, 0, 2_100_001, 20_200_003, 200_300_007, 5_400_500_013L));
            case ACQUIRE_NEW -> requests.acquire(e, true, true, step.oneOf(own, own, 0, 20_200_003, 200_300_007));
            case ACQUIRE_NOW -> requests.acquire(e, step.which % 8 == 0, false, 0);
            case TRY -> requests.tryAcquire(e);
            case RELEASE -> requests.release(step, false);
            case INVALIDATE -> requests.release(step, true);
            case RELEASE_AGAIN -> requests.releaseAgain(step);
            case CANCEL -> requests.cancel(step);
            case END_CALL -> endCall(step);
            case TIMERS -> runTimers(1 + step.size % (step.which % 5 == 0 ? 20 : 3));
            case PASS_TIME -> passTime(1 + step.size * (step.which % 4 == 0 ? 150L : config.calm ? 20L : 1L));
            case CLOSE -> closeSometimes(step.oneOf(0, 1_000_003, 30_000_019, 400_000_023, 10_000_000_033L));
            default -> operators.act(step, e);
        }
    }

    /** One thing done to the pool, then to the model, then compared. */
    void did(Supplier<String> what, Runnable toPool, Runnable toModel) {
        if (story != null) {
            story.add(
                    "  " + clock.now() / 1e6 + " ms: " + what.get() + (fault == Fault.NONE ? "" : ", fault " + fault));
        }
        boolean rejectsConnects = fault == Fault.CONNECT_EXECUTOR_REJECTS;
        boolean rejectsCompletions = fault == Fault.COMPLETION_EXECUTOR_REJECTS;
        server.struck += rejectsConnects || rejectsCompletions ? 1 : 0;
        executor.rejectsConnects = model.rejectsConnects = rejectsConnects;
        executor.rejectsCompletions = model.rejectsCompletions = rejectsCompletions;
        fault = Fault.NONE;
        toPool.run();
        settle(toModel);
    }

    /** What the pool has begun comes to its end; then the model does the same, and they are compared. */
    private void settle(Runnable toModel) {
        executor.runAll();
        if (story != null) {
            log.entries.forEach(entry -> story.add("      " + entry));
        }
        model.now = clock.now();
        toModel.run();
        model.follow();
        comparison.compare();
        groups.compare();
        operators.compareWarmUps();
        executor.rejectsConnects = false;
        executor.rejectsCompletions = false;
        log.entries.clear();
        model.decided.clear();
        openBefore = server.totalOpen;
    }

    // ---- calls and time

    private void endCall(Step step) {
        if (!server.calls.isEmpty()) {
            var call = server.calls.get(step.which % server.calls.size());
            did(() -> "end call " + call.id, () -> server.end(call), () -> {});
        }
    }

    private void runTimers(int count) {
        for (int i = 0; i < count; i++) {
            if (wakesAt >= 0 && clock.nextDue() > wakesAt) {
                did(() -> "the closer wakes up", () -> clock.moveTo(wakesAt), () -> {});
                return;
            }
            if (clock.nextDue() == Timers.NEVER) {
                return;
            }
            did(() -> "timer", clock::runNext, () -> model.timers.take().run());
        }
    }

    private void passTime(long nanos) {
        long until = Math.min(clock.now() + nanos, wakesAt < 0 ? Timers.NEVER : wakesAt);
        did(() -> "time passes", () -> clock.moveTo(Math.min(until, clock.nextDue() - 1)), () -> {});
    }

    // ---- the end

    private void closeSometimes(long timeout) {
        if (config.closes) {
            close(timeout);
        }
    }

    private void close(long timeout) {
        if (model.isClosed) {
            server.note(
                    !model.hasClosed || pool.close(Duration.ofNanos(timeout)) == report,
                    "a second close says otherwise");
            return;
        }
        closeTimeout = timeout;
        server.isClosing = true;
        if (story != null) {
            story.add("  " + clock.now() / 1e6 + " ms: close within " + timeout / 1e6 + " ms");
        }
        report = pool.close(Duration.ofNanos(timeout));
        int before = openBefore;
        look();
        if (!model.hasClosed) {
            throw new AssertionError("the close returned too early");
        }
        comparison.compare(report, before);
    }

    /** The closer is about to wait: the trace goes on, by one step. */
    private void parked(long nanos) {
        if (wakesAt >= 0 || closeTimeout < -1) {
            throw new AssertionError("a thread parks in the middle of a step");
        }
        look();
        if (model.hasClosed) {
            throw new AssertionError("the close goes on");
        }
        wakesAt = clock.now() + nanos;
        Step step = next.get();
        if (step == null) {
            runTimers(1);
        } else {
            play(step);
        }
        wakesAt = -1;
    }

    /** What the closer did since it began, or was parked. */
    private void look() {
        long timeout = closeTimeout;
        closeTimeout = -1;
        settle(() -> {
            if (timeout >= 0) {
                model.run(() -> model.close(timeout));
            }
            model.run(model::closerLooks);
        });
    }

    /** The end of the trace: what is left is closed, given back and ended; then nothing must be left. */
    void finish() {
        server.armed = Fault.NONE;
        close(100_000_007);
        requests.releaseAll();
        for (int i = 0; i < LAST_TIMERS && (clock.nextDue() != Timers.NEVER || !server.calls.isEmpty()); i++) {
            if (clock.nextDue() != Timers.NEVER) {
                runTimers(1);
            } else {
                var call = server.calls.get(0);
                did(() -> "end call " + call.id + " at the end", () -> server.end(call), () -> {});
            }
        }
        comparison.compareTheEnd();
    }
}
