package io.genericpool.core.model;

import java.util.PriorityQueue;

/** What falls due and when, in the order of time and, at the same moment, in that of scheduling. */
final class Timers {
    static final long NEVER = Long.MAX_VALUE;

    /** Something that falls due once. */
    static final class Timer implements Comparable<Timer> {
        final long due;
        private final long order;
        private final Runnable task;
        private boolean isCancelled;

        private Timer(long due, long order, Runnable task) {
            this.due = due;
            this.order = order;
            this.task = task;
        }

        void run() {
            task.run();
        }

        void cancel() {
            isCancelled = true;
        }

        @Override
        public int compareTo(Timer other) {
            return due != other.due ? Long.compare(due, other.due) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long scheduled;

    Timer schedule(long due, Runnable task) {
        var timer = new Timer(due, scheduled++, task);
        if (due < TraceConfig.OFF) {
            queue.add(timer);
        }
        return timer;
    }

    /** When the next one is due. */
    long next() {
        while (!queue.isEmpty() && queue.peek().isCancelled) {
            queue.remove();
        }
        return queue.isEmpty() ? NEVER : queue.peek().due;
    }

    /** Takes out the next one, to be run. */
    Timer take() {
        next();
        return queue.remove();
    }
}
