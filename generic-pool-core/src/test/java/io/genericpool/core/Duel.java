package io.genericpool.core;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Does two things at the same moment on two threads, again and again; a little earlier or later, by chance. */
@SuppressWarnings("ThreadPriorityCheck") // yields while it waits, as there may be fewer cores than threads
final class Duel implements AutoCloseable {
    private static final int MAX_OFFSET = 300;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final AtomicReference<Runnable> task = new AtomicReference<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread second = new Thread(this::loop, "duel");
    private volatile boolean isOver;

    Duel() {
        second.setDaemon(true);
        second.start();
    }

    /** Returns when both have ended. */
    void fight(Runnable here, Runnable there) {
        arrived.set(0);
        task.set(there);
        meet();
        here.run();
        long start = System.nanoTime();
        while (task.get() != null) {
            if (System.nanoTime() - start > MAX_NANOS) {
                throw new AssertionError("the other side hangs: " + String.join("\n", stack()));
            }
            Thread.yield();
        }
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new AssertionError("the other side failed", thrown);
        }
    }

    private String[] stack() {
        var frames = second.getStackTrace();
        var lines = new String[frames.length];
        for (int i = 0; i < frames.length; i++) {
            lines[i] = frames[i].toString();
        }
        return lines;
    }

    private void meet() {
        arrived.incrementAndGet();
        while (arrived.get() < 2) {
            Thread.yield();
        }
        for (int i = ThreadLocalRandom.current().nextInt(MAX_OFFSET); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private void loop() {
        while (!isOver) {
            Runnable next = task.get();
            if (next == null) {
                Thread.yield();
                continue;
            }
            meet();
            try {
                next.run();
            } catch (Throwable e) {
                failure.set(e);
            }
            task.set(null);
        }
    }

    @Override
    public void close() {
        isOver = true;
    }
}
