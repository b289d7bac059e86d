package io.genericpool.core.model;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One step of a trace: it means something wherever it stands, so that a trace can be replayed without some steps.
 * What it is about (a lease, a call, a connection) is a number that counts, from 0 and around, those there are.
 */
final class Step {
    enum Kind {
        ACQUIRE(12),
        ACQUIRE_NEW(3),
        ACQUIRE_NOW(2),
        ACQUIRE_NEW_NOW(1),
        TRY(3),
        RELEASE(16),
        RELEASE_AGAIN(1),
        INVALIDATE(2),
        CANCEL(3),
        CANCEL_DEPENDENT(1),
        COMPLETE_FROM_OUTSIDE(1),
        RUN_CONNECT(14),
        RUN_ALL_CONNECTS(8),
        RUN_COMPLETION(8),
        RUN_ALL_COMPLETIONS(12),
        END_CALL(24),
        SIGNAL_DEAD(2),
        SIGNAL_RETIRE(1),
        ADVANCE(6),
        EVICT(1),
        EVICT_ALL(1),
        SUSPEND(1),
        RESUME(6),
        RESIZE(1),
        RESIZE_TOTAL(1),
        WARM_UP(1),
        CANCEL_WARM_UP(1);

        final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        private static Kind pick(SplittableRandom random) {
            int sum = 0;
            for (var kind : values()) {
                sum += kind.weight;
            }
            int left = random.nextInt(sum);
            for (var kind : values()) {
                left -= kind.weight;
                if (left < 0) {
                    return kind;
                }
            }
            throw new AssertionError(left);
        }
    }

    private static final int[] TIMEOUTS = {0, 2, 20, 200, 5_000, 60_000};

    final Kind kind;
    final int endpoint;
    final int which;
    final long size;
    /** The time that passes before the step. */
    final long nanos;

    final Fault fault;

    private Step(Kind kind, int endpoint, int which, long size, long nanos, Fault fault) {
        this.kind = kind;
        this.endpoint = endpoint;
        this.which = which;
        this.size = size;
        this.nanos = nanos;
        this.fault = fault;
    }

    static Step random(SplittableRandom random, TraceConfig config) {
        var kind = Kind.pick(random);
        boolean faulty = random.nextInt(10) == 0;
        var fault = faulty ? Fault.values()[1 + random.nextInt(Fault.values().length - 1)] : Fault.NONE;
        long nanos = 1 + random.nextInt(random.nextInt(4) == 0 ? 3_000_000 : 20_000);
        if (kind == Kind.ADVANCE) {
            nanos += TimeUnit.MILLISECONDS.toNanos(random.nextInt(random.nextInt(8) == 0 ? 1_500 : 60));
        }
        return new Step(
                kind, random.nextInt(config.endpoints), random.nextInt(1_000), random.nextInt(1_000), nanos, fault);
    }

    boolean isFault() {
        return fault != Fault.NONE || kind == Kind.SIGNAL_DEAD;
    }

    /** For a request. */
    long timeout(long normal) {
        int chosen = (int) (size % (TIMEOUTS.length + 3));
        return chosen < TIMEOUTS.length ? TimeUnit.MILLISECONDS.toNanos(TIMEOUTS[chosen]) : normal;
    }

    @Override
    public String toString() {
        return kind + " e" + endpoint + " #" + which + " " + size + " after " + nanos + " ns"
                + (fault == Fault.NONE ? "" : " with " + fault);
    }
}
