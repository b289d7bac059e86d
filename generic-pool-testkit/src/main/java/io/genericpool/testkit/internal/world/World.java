package io.genericpool.testkit.internal.world;

import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.RealWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What goes on around a pool under test: virtual time, its executors, the threads that call it, the gates where they may
 * hang. Nothing goes on by itself; {@link #settle} does what is due. One a test; for the test's thread.
 *
 * <p>The clock starts shortly before its wrap-around, so that every test meets it.
 */
public final class World {
    private final FakePoolClock clock = new FakePoolClock(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3));
    private final ManualExecutor connects = new ManualExecutor();
    private final ManualExecutor completions = new ManualExecutor();
    private final WorkerThreads workers = new WorkerThreads();

    private final List<Gate> gates = new ArrayList<>();
    private final List<Thread> callers = new ArrayList<>();
    private final Supplier<String> server;
    private boolean holdsConnects;
    private boolean holdsCompletions;
    private int workersEnded;

    /** @param server tells, when a wait was in vain, how the server is */
    public World(Supplier<String> server) {
        this.server = server;
    }

    public FakePoolClock clock() {
        return clock;
    }

    public ManualExecutor connects() {
        return connects;
    }

    public ManualExecutor completions() {
        return completions;
    }

    /** Starts a thread per task, for calls that hang. */
    public Executor workers() {
        return workers;
    }

    public Gate gate() {
        var gate = new Gate();
        gates.add(gate);
        return gate;
    }

    /** Runs a blocking call on a thread of its own, and returns when it has ended or waits. */
    public Thread call(Runnable call) {
        var thread = new Thread(call, "testkit-caller-" + callers.size());
        thread.setDaemon(true);
        callers.add(thread);
        thread.start();
        awaitReal("a caller that has ended or is parked by the pool's clock", () -> isQuiet(thread));
        settle();
        return thread;
    }

    /** Runs no connect tasks until told otherwise. */
    public void holdConnects(boolean holds) {
        holdsConnects = holds;
        settle();
    }

    public void holdCompletions(boolean holds) {
        holdsCompletions = holds;
        settle();
    }

    /** From now on nothing is held, hangs or is rejected. */
    public void letGo() {
        gates.forEach(Gate::open);
        holdsConnects = false;
        holdsCompletions = false;
        connects.rejectAll(false);
        completions.rejectAll(false);
    }

    /** Does all that is due now, on all threads. */
    public void settle() {
        awaitReal("rest", () -> pump() == 0 && isQuiet() && callers.stream().allMatch(this::looksAgain) && pump() == 0);
    }

    /** Lets time pass, from event to event, doing at each what is due. */
    public void advance(Duration time) {
        long left = TimeUnit.NANOSECONDS.convert(time);
        settle();
        while (left > 0) {
            long step = Math.min(left, Math.max(1, clock.nanosToNextEvent().orElse(left)));
            clock.advance(Duration.ofNanos(step));
            settle();
            left -= step;
        }
    }

    /** Waits, in real time, for something that follows from what is due now. */
    public void await(String what, BooleanSupplier condition) {
        awaitReal(what, () -> {
            pump();
            return condition.getAsBoolean();
        });
    }

    private int pump() {
        clock.advance(Duration.ZERO);
        int done = holdsCompletions ? 0 : completions.runAll();
        done += holdsConnects ? 0 : connects.runAll();
        int ended = workers.ended();
        done += ended - workersEnded;
        workersEnded = ended;
        return done;
    }

    private boolean isQuiet() {
        return callers.stream().allMatch(this::isQuiet) && workers.areQuiet(this::isQuiet);
    }

    private boolean isQuiet(Thread thread) {
        return !thread.isAlive() || clock.isParked(thread) || isHeld(thread);
    }

    private boolean isHeld(Thread thread) {
        return gates.stream().anyMatch(gate -> gate.holds(thread));
    }

    /**
     * Wakes a parked caller for no reason and lets it look whether there is something for it, since a thread that was
     * unparked seems to be parked for some moments more. True when it ended long ago or has parked again.
     */
    private boolean looksAgain(Thread thread) {
        if (!thread.isAlive() || isHeld(thread)) {
            return true;
        }
        long park = clock.parkOf(thread);
        if (park < 0) {
            return false;
        }
        LockSupport.unpark(thread);
        awaitReal("a caller to look again", () -> !thread.isAlive() || clock.parkOf(thread) > park);
        return thread.isAlive();
    }

    private void awaitReal(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > RealWait.NANOS) {
                throw new AssertionError("waited in vain for " + what + "; " + clock + ", " + server.get() + stacks());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for " + what);
            }
            LockSupport.parkNanos(20_000);
        }
    }

    private String stacks() {
        var text = new StringBuilder();
        for (var thread : callers) {
            if (thread.isAlive()) {
                text.append('\n').append(thread.getName()).append(' ').append(thread.getState());
                for (var frame : thread.getStackTrace()) {
                    text.append("\n    ").append(frame);
                }
            }
        }
        return text.toString();
    }
}
