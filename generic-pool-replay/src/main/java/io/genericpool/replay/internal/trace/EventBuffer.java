package io.genericpool.replay.internal.trace;

import java.util.concurrent.locks.ReentrantLock;

/** Where some threads leave their events until they are written: bounded, and full rather than slow. */
final class EventBuffer {
    static final int WIDTH = 7;

    private final ReentrantLock lock = new ReentrantLock();
    private final int capacity;
    private long[] filling;
    private long[] spare;
    private int length;
    private long dropped;

    EventBuffer(int events) {
        capacity = events * WIDTH;
        filling = new long[capacity];
        spare = new long[capacity];
    }

    /** Adds an event, or counts it as dropped. @return whether it has just become half full */
    boolean add(int kind, int endpoint, long time, long a, long b, long c, long d) {
        lock.lock();
        try {
            int at = length;
            if (at == capacity) {
                dropped++;
                return false;
            }
            long[] to = filling;
            to[at] = kind;
            to[at + 1] = endpoint;
            to[at + 2] = time;
            to[at + 3] = a;
            to[at + 4] = b;
            to[at + 5] = c;
            to[at + 6] = d;
            length = at + WIDTH;
            return at < capacity / 2 && at + WIDTH >= capacity / 2;
        } finally {
            lock.unlock();
        }
    }

    /** What was added, until the next call. By one thread only. */
    Taken take() {
        lock.lock();
        try {
            long[] full = filling;
            filling = spare;
            spare = full;
            var taken = new Taken(full, length, dropped);
            length = 0;
            dropped = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Events.
     *
     * @param cells {@link #WIDTH} of them for each
     * @param length how many cells are in use
     * @param dropped how many events found no place
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Taken(long[] cells, int length, long dropped) {}
}
