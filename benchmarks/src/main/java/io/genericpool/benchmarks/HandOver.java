package io.genericpool.benchmarks;

import java.util.concurrent.ThreadFactory;

/**
 * Times how long it takes from the call that lets a parked thread go on until that thread runs. The thread that releases
 * makes sure first that the other one is parked; then it yields a few times, so that the other's core is free or idle as it
 * would be after a while.
 */
final class HandOver {
    private static final int YIELDS = 50;

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

    Waits measure(Way way, int rounds) throws Exception {
        var waits = new Waits();
        isOver = false;
        Thread waiter = threads.newThread(() -> await(way));
        waiter.start();
        try {
            for (int i = 0; i < rounds; i++) {
                ranAt = 0;
                way.prepare();
                isWanted = true;
                untilParked(waiter);
                releasedAt = System.nanoTime();
                way.release();
                while (ranAt == 0) {
                    requireAlive(waiter);
                    Thread.yield();
                }
                waits.add(ranAt - releasedAt);
            }
        } finally {
            isOver = true;
        }
        waiter.join();
        return waits;
    }

    private void await(Way way) {
        try {
            while (!isOver) {
                if (isWanted) {
                    isWanted = false;
                    long[] now = new long[1];
                    way.await(() -> now[0] = System.nanoTime());
                    ranAt = now[0];
                } else {
                    Thread.yield();
                }
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    /** Between two rounds the other thread only yields: once it is seen parked after its turn, it waits for the release. */
    private void untilParked(Thread waiter) {
        while (isWanted || !isParked(waiter)) {
            requireAlive(waiter);
            Thread.yield();
        }
        for (int i = 0; i < YIELDS; i++) {
            Thread.yield();
        }
        while (!isParked(waiter)) {
            requireAlive(waiter);
            Thread.yield();
        }
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
