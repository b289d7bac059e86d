package io.genericpool.replay.internal.engine;

import io.genericpool.spi.PoolClock;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only from one event to the next. By one thread. Timers that are cancelled stay until they are many, since
 * nearly every acquire sets one and cancels it.
 */
final class VirtualClock implements PoolClock {
    private static final int FEW = 1_024;

    private PriorityQueue<Entry> timers = new PriorityQueue<>(FEW);
    private long now;
    private long scheduled;
    private int cancelled;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        var entry = new Entry(task, now + Math.min(Math.max(0, delayNanos), Long.MAX_VALUE / 4), scheduled++);
        timers.add(entry);
        return entry;
    }

    @Override
    public boolean isManual() {
        return true;
    }

    @Override
    public void park(Object blocker, long nanos) {
        throw new IllegalStateException("no caller of a replay blocks");
    }

    /** When the next timer is due; {@link Long#MAX_VALUE} when there is none. */
    long next() {
        Entry first = timers.peek();
        while (first != null && first.task == null) {
            timers.poll();
            cancelled--;
            first = timers.peek();
        }
        return first == null ? Long.MAX_VALUE : first.dueAt;
    }

    /** Moves to a time before which no timer is due. */
    void moveTo(long time) {
        now = Math.max(now, time);
    }

    /**
     * Moves to the next timer and runs it.
     *
     * @throws IllegalStateException when there is none: what is still waited for will never come
     */
    void runNext() {
        Entry first = timers.poll();
        if (first == null) {
            throw new IllegalStateException("nothing is left to happen, but acquires have not ended: they were lost");
        }
        moveTo(first.dueAt);
        Runnable task = first.task;
        first.task = null;
        if (task != null) {
            task.run();
        }
    }

    private void purge() {
        if (cancelled > FEW && cancelled > timers.size() / 2) {
            var kept = new PriorityQueue<Entry>(timers.size() - cancelled + FEW);
            for (Entry each : timers) {
                if (each.task != null) {
                    kept.add(each);
                }
            }
            timers = kept;
            cancelled = 0;
        }
    }

    private final class Entry implements Timer, Comparable<Entry> {
        private @Nullable Runnable task;
        private final long dueAt;
        private final long number;

        Entry(Runnable task, long dueAt, long number) {
            this.task = task;
            this.dueAt = dueAt;
            this.number = number;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(dueAt, other.dueAt);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public void cancel() {
            if (task != null) {
                task = null;
                cancelled++;
                purge();
            }
        }
    }
}
