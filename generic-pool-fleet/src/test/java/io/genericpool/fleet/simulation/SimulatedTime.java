package io.genericpool.fleet.simulation;

import java.util.PriorityQueue;

/** One line of events, in order of their time and then of their scheduling. */
final class SimulatedTime {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long scheduled;

    private record Event(long at, long number, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    long now() {
        return now;
    }

    void after(long delay, Runnable task) {
        events.add(new Event(now + Math.max(0, delay), scheduled++, task));
    }

    void runUntil(long end) {
        for (Event next = events.peek(); next != null && next.at <= end; next = events.peek()) {
            events.remove();
            now = next.at;
            next.task.run();
        }
        now = end;
    }
}
