package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Waits;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Times how long it takes from the call that lets a parked thread go on until that thread runs. The thread that releases
 * makes sure first that the other one is parked, and sleeps a little, so that the other's core is as idle as it would be
 * after a while. After the release it goes on, but lets others run.
 */
final class HandOver {
    /** Between two looks at the other thread. */
    private static final long LOOK_NANOS = 20_000;
    /** For which the releasing thread goes on; longer than a hand-over takes when no other program has the cores. */
    private static final long RUN_NANOS = 100_000;
    /** Turns for which the other thread spins before it lets others run. */
    private static final int SPINS = 1_000;

    private final ThreadFactory threads;
    private volatile boolean isWanted;
    private volatile boolean isOver;
    private volatile long releasedAt;
    private volatile long ranAt;
    private volatile Throwable failure;

    HandOver(ThreadFactory threads) {
        this.threads = threads;
    }

    /** What hands over: for each round {@code prepare}, then {@code await} on the other thread, then {@code release}. */
    interface Way {
        /** Makes the next {@code await} wait; on the releasing thread. */
        void prepare() throws Exception;

        /** Waits until it is released; runs on the other thread. */
        void await(Runnable onRun) throws Exception;

        /** Lets the other thread go on. */
        void release() throws Exception;
    }

    /**
     * Measures.
     *
     * @param most how many hand-overs at most
     * @param nanos for how long at most; on a machine that others use, too, each may take long
     */
    Waits measure(Way way, int most, long nanos) throws Exception {
        var waits = new Waits();
        isOver = false;
        long start = System.nanoTime();
        Thread waiter = threads.newThread(() -> await(way));
        waiter.start();
        try {
            for (int i = 0; i < most && System.nanoTime() - start < nanos; i++) {
                ranAt = 0;
                way.prepare();
                isWanted = true;
                untilParked(waiter);
                releasedAt = System.nanoTime();
                way.release();
                untilRun(waiter);
                waits.add(ranAt - releasedAt);
            }
        } finally {
            isOver = true;
        }
        waiter.join();
        return waits;
    }

    private void untilRun(Thread waiter) {
        while (ranAt == 0) {
            if (System.nanoTime() - releasedAt < RUN_NANOS) {
                Thread.yield(); // on a machine that others use, too, the other thread may need this very core
            } else {
                requireAlive(waiter);
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private void await(Way way) {
        try {
            int spins = 0;
            while (!isOver) {
                if (isWanted) {
                    spins = 0;
                    isWanted = false;
                    long[] now = new long[1];
                    way.await(() -> now[0] = System.nanoTime());
                    ranAt = now[0];
                } else if (++spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    /** Between two rounds the other thread never parks: once it is seen parked after its turn, it waits for the release. */
    private void untilParked(Thread waiter) {
        do {
            requireAlive(waiter);
            LockSupport.parkNanos(LOOK_NANOS);
        } while (isWanted || !isParked(waiter));
    }

    private static boolean isParked(Thread waiter) {
        Thread.State state = waiter.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private void requireAlive(Thread waiter) {
        if (!waiter.isAlive()) {
            throw new IllegalStateException("the waiting thread has ended", failure);
        }
    }
}
