package io.genericpool.benchmarks.load;

import io.genericpool.benchmarks.subject.Hold;
import io.genericpool.benchmarks.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets callers loose on a pool for a while and notes how long each acquire takes. Each marks what it holds, so that a
 * connection in two hands fails the run.
 */
public final class Callers {
    /** Longer than any acquire may take. */
    private static final long PATIENCE_SECONDS = 60;

    private Callers() {}

    public static <L> Load run(Subject<L> subject, CallerKind kind, List<Caller> callers, long nanos) throws Exception {
        return kind == CallerKind.ASYNC
                ? new AsyncCallers<>(subject, callers, nanos).run()
                : blocking(subject, kind.threads(), callers, nanos);
    }

    private static <L> Load blocking(Subject<L> subject, ThreadFactory threads, List<Caller> callers, long nanos)
            throws Exception {
        var gate = new CountDownLatch(1);
        var running = new ArrayList<Future<Waits>>();
        for (Caller caller : callers) {
            var waits = new Waits();
            Callable<Waits> body = () -> {
                gate.await();
                loop(subject, caller, waits, nanos);
                return waits;
            };
            var task = new FutureTask<>(body);
            running.add(task);
            threads.newThread(task).start();
        }
        long start = System.nanoTime();
        gate.countDown();
        var waits = new ArrayList<Waits>();
        for (Future<Waits> each : running) {
            waits.add(result(each, nanos));
        }
        return new Load(callers, waits, System.nanoTime() - start);
    }

    private static <L> void loop(Subject<L> subject, Caller caller, Waits waits, long nanos) throws Exception {
        String endpoint = caller.endpoint();
        long start = System.nanoTime();
        for (long before = start; before - start < nanos; before = System.nanoTime()) {
            L lease = subject.acquire(endpoint);
            waits.add(System.nanoTime() - before);
            subject.taken(endpoint, lease);
            Hold.sleep(caller.holdNanos());
            subject.given(lease);
            subject.release(endpoint, lease);
            Hold.sleep(caller.pauseNanos());
        }
    }

    /** What a caller comes back with, or its failure. */
    public static <T> T result(Future<T> running, long nanos) throws InterruptedException {
        try {
            return running.get(nanos + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a caller failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("a caller hangs", e);
        }
    }
}
