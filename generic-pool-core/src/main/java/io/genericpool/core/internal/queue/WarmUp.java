package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.executor.PoolExecutors;
import java.util.concurrent.CompletableFuture;

/** One call of {@code warmUp}. Its counts are guarded by the endpoint's lock. */
public final class WarmUp {
    public final CompletableFuture<Integer> result = new CompletableFuture<>();
    public final int target;
    public final int generation;
    /** Connects it may still start: each one missing at the call is tried once. */
    public int budget;

    public int inFlight;
    public int opened;

    /** When it was asked for. */
    public final long startedAt;

    public WarmUp(int target, int generation, int budget, long startedAt) {
        this.startedAt = startedAt;
        this.target = target;
        this.generation = generation;
        this.budget = budget;
    }

    /** Completes the future of one that has ended, where its dependents may run. */
    public record End(WarmUp warmUp, PoolExecutors executors) implements Actions.Action, Runnable {
        @Override
        public void run(Actions more) {
            try {
                executors.complete(this);
            } catch (Throwable e) {
                run(); // the executor refuses
            }
        }

        @Override
        public void run() {
            try {
                complete();
            } catch (Throwable e) {
                complete();
                throw e;
            }
        }

        private void complete() {
            warmUp.result.complete(warmUp.opened);
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }
}
