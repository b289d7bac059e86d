package io.genericpool.core.race;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does two things at the same moment on two threads, again and again. Both meet at a barrier where they spin; what is to
 * begin a little later than the barrier waits in its own task ({@link Lead}).
 */
@SuppressWarnings("ThreadPriorityCheck") // yields after a while of spinning, as there may be fewer cores than threads
final class Duel implements AutoCloseable {
    private static final int SPINS = 2_000;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final AtomicReference<Runnable> task = new AtomicReference<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread second = new Thread(this::loop, "duel");
    private final Lead chance = new Lead(System.nanoTime());
    private volatile boolean isOver;

    Duel() {
        second.setDaemon(true);
        second.start();
    }

    /** Both at once, one of them a little later, by chance. Returns when both have ended. */
    void fight(Runnable here, Runnable there) {
        chance.draw();
        fight(chance, here, there);
    }

    /** One of them later by what the lead says. Returns when both have ended. */
    void fight(Lead lead, Runnable here, Runnable there) {
        fightUnled(
                () -> {
                    lead.waitHere();
                    here.run();
                },
                () -> {
                    lead.waitThere();
                    there.run();
                });
    }

    private void fightUnled(Runnable here, Runnable there) {
        arrived.set(0);
        task.set(there);
        meet();
        here.run();
        long start = System.nanoTime();
        for (int i = 0; task.get() != null; i++) {
            if (System.nanoTime() - start > MAX_NANOS) {
                throw new AssertionError("the other side hangs: " + String.join("\n", stack()));
            }
            pause(i);
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
        for (int i = 0; arrived.get() < 2; i++) {
            pause(i);
        }
    }

    private static void pause(int round) {
        if (round < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private void loop() {
        for (int i = 0; !isOver; i++) {
            Runnable next = task.get();
            if (next == null) {
                pause(i);
                continue;
            }
            meet();
            try {
                next.run();
            } catch (Throwable e) {
                failure.set(e);
            }
            task.set(null);
            i = 0;
        }
    }

    @Override
    public void close() {
        isOver = true;
    }
}
