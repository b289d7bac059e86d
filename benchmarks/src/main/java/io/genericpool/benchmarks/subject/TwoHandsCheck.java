package io.genericpool.benchmarks.subject;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What each benchmark asserts when it has measured: on the very pool that was measured, several threads go on for a moment
 * with a marker on each connection that they hold, and the limits have held since the pool was made.
 */
public final class TwoHandsCheck {
    private static final long NANOS = 200_000_000L;

    private TwoHandsCheck() {}

    public static void run(Subject<?> subject, Opener opener, String[] endpoints, int threads, int maxSize)
            throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int offset = (int) ((long) endpoints.length * t / threads);
                running.add(executor.submit(() -> {
                    for (int i = offset; System.nanoTime() - start < NANOS; i++) {
                        subject.checkedCycle(endpoints[i % endpoints.length]);
                    }
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the check after the measurement failed", e.getCause());
        } finally {
            executor.shutdownNow();
        }
        opener.requireWithin(maxSize, Math.multiplyExact(maxSize, endpoints.length));
    }
}
