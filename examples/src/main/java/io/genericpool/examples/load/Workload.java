package io.genericpool.examples.load;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Runs many tasks, a number of them at a time, and says how far it is. */
public final class Workload implements AutoCloseable {
    private static final Duration PROGRESS = Duration.ofSeconds(2);
    private static final Duration GIVE_UP = Duration.ofSeconds(60);

    private final PrintStream out;
    private final int atOnce;
    private final ExecutorService threads;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    public Workload(PrintStream out, int atOnce) {
        this.out = out;
        this.atOnce = atOnce;
        this.threads = Executors.newFixedThreadPool(atOnce);
    }

    int atOnce() {
        return atOnce;
    }

    /** For tasks that block: gives one a thread. */
    CompletableFuture<Void> blocking(Runnable task) {
        return CompletableFuture.runAsync(task, threads);
    }

    /**
     * Runs the tasks with the numbers 0 to {@code count - 1}.
     *
     * @return how long it took, from the first start to the last end
     */
    public Duration run(String name, int count, IntFunction<CompletableFuture<?>> start) throws InterruptedException {
        var free = new Semaphore(atOnce);
        var ended = new AtomicInteger();
        var progress = new Progress(name, count, ended);
        for (int i = 0; i < count; i++) {
            progress.await(free, 1);
            var unused = start.apply(i).whenComplete((result, failure) -> {
                if (failure != null) {
                    failures.add(failure);
                }
                ended.incrementAndGet();
                free.release();
            });
        }
        progress.await(free, atOnce);
        return progress.elapsed();
    }

    /** What tasks have failed with. */
    public Queue<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Progress {
        private final String name;
        private final int count;
        private final AtomicInteger ended;
        private final long startedAt = System.nanoTime();
        private long toldAt = startedAt;

        Progress(String name, int count, AtomicInteger ended) {
            this.name = name;
            this.count = count;
            this.ended = ended;
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - startedAt);
        }

        void await(Semaphore free, int permits) throws InterruptedException {
            while (!free.tryAcquire(permits, 200, TimeUnit.MILLISECONDS)) {
                tell();
            }
            tell();
        }

        private void tell() {
            if (System.nanoTime() - toldAt >= PROGRESS.toNanos()) {
                toldAt = System.nanoTime();
                out.println("  " + name + ": " + ended.get() + " of " + count + " tasks after "
                        + elapsed().toSeconds() + " s");
            }
            if (elapsed().compareTo(GIVE_UP) > 0) {
                throw new IllegalStateException(
                        name + ": only " + ended.get() + " of " + count + " tasks have ended after " + GIVE_UP);
            }
        }
    }
}
