package io.genericpool.websocket.internal.socket;

import java.util.ArrayDeque;

/**
 * In which epoch each message began to arrive that the peer has begun and OkHttp has not delivered yet. A message may be
 * long on its way, and frames are read ahead of it, so at its delivery another lease may have begun. Only the reading
 * thread comes here.
 */
public final class Arrivals {
    /** Messages of one epoch in a row, oldest first; seldom more than one, as epochs change seldom. */
    private final ArrayDeque<Run> runs = new ArrayDeque<>(1);

    private static final class Run {
        private final long epoch;
        private int count;

        Run(long epoch) {
            this.epoch = epoch;
        }
    }

    /** The first frame of a message has arrived. */
    public void begun(long epoch) {
        Run last = runs.peekLast();
        if (last == null || last.epoch != epoch) {
            last = new Run(epoch);
            runs.add(last);
        }
        last.count++;
    }

    /**
     * The oldest message that has begun is delivered.
     *
     * @return the epoch it began in
     */
    public long delivered() {
        Run first = runs.element();
        while (first.count == 0) {
            runs.remove();
            first = runs.element();
        }
        first.count--;
        return first.epoch;
    }
}
