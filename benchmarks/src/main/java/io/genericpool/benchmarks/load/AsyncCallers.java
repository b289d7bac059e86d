package io.genericpool.benchmarks.load;

import io.genericpool.benchmarks.subject.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Callers that hold no thread: the next acquire and, after the hold, the release are tasks of a timer with two threads,
 * which is as many as the machine of these benchmarks has cores. A wait lasts until the future has run what depends on it.
 */
public final class AsyncCallers<L> {
    private static final int THREADS = 2;

    private final Subject<L> subject;
    private final List<Caller> callers;
    private final long nanos;
    private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(THREADS, task -> {
        Thread thread = new Thread(task, "async-caller");
        thread.setDaemon(true);
        return thread;
    });

    public AsyncCallers(Subject<L> subject, List<Caller> callers, long nanos) {
        this.subject = subject;
        this.callers = callers;
        this.nanos = nanos;
    }

    public Load run() throws InterruptedException {
        try {
            long start = System.nanoTime();
            var loops = new ArrayList<Loop>();
            for (Caller caller : callers) {
                Loop loop = new Loop(caller, start);
                loops.add(loop);
                timer.execute(loop::next);
            }
            var waits = new ArrayList<Waits>();
            for (Loop loop : loops) {
                waits.add(Callers.result(loop.end, nanos));
            }
            return new Load(callers, waits, System.nanoTime() - start);
        } finally {
            timer.shutdownNow();
        }
    }

    /** One caller. Its steps follow each other, on whatever thread, so that its waits need no lock. */
    private final class Loop {
        final CompletableFuture<Waits> end = new CompletableFuture<>();

        private final Caller caller;
        private final long start;
        private final Waits waits = new Waits();

        Loop(Caller caller, long start) {
            this.caller = caller;
            this.start = start;
        }

        void next() {
            long before = System.nanoTime();
            if (before - start >= nanos) {
                end.complete(waits);
                return;
            }
            try {
                subject.acquireAsync(caller.endpoint()).whenComplete((lease, failure) -> {
                    if (failure != null) {
                        end.completeExceptionally(failure);
                    } else {
                        granted(lease, System.nanoTime() - before);
                    }
                });
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        }

        private void granted(L lease, long waited) {
            try {
                waits.add(waited);
                subject.taken(caller.endpoint(), lease);
                if (caller.holdNanos() == 0) {
                    finish(lease);
                } else {
                    timer.schedule(() -> finish(lease), caller.holdNanos(), TimeUnit.NANOSECONDS);
                }
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        }

        /** The next round is a task of its own. One that is always granted at once would recurse otherwise. */
        private void finish(L lease) {
            try {
                subject.given(lease);
                subject.release(caller.endpoint(), lease);
                timer.schedule(this::next, caller.pauseNanos(), TimeUnit.NANOSECONDS);
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        }
    }
}
