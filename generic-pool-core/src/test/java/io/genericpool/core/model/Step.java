package io.genericpool.core.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One step of a trace, made from one number, so that a trace is a list of numbers. It means something wherever it stands: what
 * it is about (a lease, a call, a connection) is found by counting, around and around, those there are.
 */
final class Step {
    enum Kind {
        ACQUIRE(130, 60),
        ACQUIRE_NEW(25, 15),
        ACQUIRE_NOW(15, 15),
        TRY(25, 25),
        RELEASE(170, 150),
        INVALIDATE(15, 6),
        RELEASE_AGAIN(8, 8),
        CANCEL(25, 10),
        END_CALL(260, 300),
        TIMERS(130, 60),
        PASS_TIME(50, 150),
        SIGNAL_DEAD(12, 5),
        SIGNAL_RETIRE(8, 4),
        EVICT(6, 3),
        EVICT_ALL(2, 1),
        SUSPEND(6, 3),
        RESUME(25, 25),
        RESIZE(6, 3),
        RESIZE_TOTAL(6, 3),
        WARM_UP(10, 10),
        CANCEL_WARM_UP(3, 3),
        CLOSE(2, 1);

        private static final Kind[] ALL = values();

        /** How often it comes where callers are many and in a hurry, and where they are few and have time. */
        private final int busy;

        private final int calm;

        Kind(int busy, int calm) {
            this.busy = busy;
            this.calm = calm;
        }

        private static Kind random(SplittableRandom random, boolean isCalm) {
            int left = random.nextInt(isCalm ? CALM : BUSY);
            for (var kind : ALL) {
                left -= isCalm ? kind.calm : kind.busy;
                if (left < 0) {
                    return kind;
                }
            }
            throw new AssertionError(left);
        }
    }

    private static final int BUSY =
            Arrays.stream(Kind.ALL).mapToInt(kind -> kind.busy).sum();
    private static final int CALM =
            Arrays.stream(Kind.ALL).mapToInt(kind -> kind.calm).sum();
    /** One step in so many brings a fault; some of these wait in vain, so that one in ten or more strikes. */
    private static final int FAULTS = 3;

    final Kind kind;
    /** Which of the faults that can strike; negative for none. */
    final int fault;

    /** Which endpoint, which one of those there are, how much: to be taken modulo something. */
    final int endpoint;

    final int which;
    final int size;

    Step(long number, boolean isCalm) {
        var random = new SplittableRandom(number);
        kind = Kind.random(random, isCalm);
        // Half of the steps are about few endpoints, so that something happens there.
        endpoint = random.nextInt(random.nextBoolean() ? 3 : 1_000_000);
        which = random.nextInt(1_000_000);
        size = random.nextInt(1_000_000);
        fault = random.nextInt(FAULTS) == 0 ? random.nextInt(1_000_000) : -1;
    }

    /** One of several, by this step's size. */
    long oneOf(long... choices) {
        return choices[size % choices.length];
    }
}
