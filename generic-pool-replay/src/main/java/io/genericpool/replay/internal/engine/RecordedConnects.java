package io.genericpool.replay.internal.engine;

import io.genericpool.replay.recording.Recording;
import java.util.SplittableRandom;

/**
 * The connection attempts to one endpoint as they were recorded. Each is played once, near the time at which it was made. An
 * attempt for which none is left there takes after one of those nearby, by a random number that is the same in each replay.
 */
final class RecordedConnects {
    private static final int NEARBY = 8;

    private final long[] beganAt;
    private final long[] took;
    private final boolean[] connected;
    private final boolean[] played;
    private final long window;
    private final SplittableRandom random;
    private int size;

    RecordedConnects(int capacity, long window, long seed) {
        this.beganAt = new long[capacity];
        this.took = new long[capacity];
        this.connected = new boolean[capacity];
        this.played = new boolean[capacity];
        this.window = window;
        this.random = new SplittableRandom(seed);
    }

    /** In the order of their beginnings. */
    void add(Recording recording, int connect) {
        beganAt[size] = recording.connectBeganAt(connect);
        took[size] = recording.connectTook(connect);
        connected[size] = recording.isConnected(connect);
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long took(int connect) {
        return took[connect];
    }

    boolean isConnected(int connect) {
        return connected[connect];
    }

    /** The attempt to play at a time. */
    int next(long now) {
        int after = firstAtOrAfter(now);
        int nearest = nearestUnplayed(after, now);
        if (nearest >= 0) {
            played[nearest] = true;
            return nearest;
        }
        int outcome = nearest(after, now);
        int from = Math.max(0, Math.min(after - NEARBY / 2, size - NEARBY));
        int drawn = from + random.nextInt(Math.min(NEARBY, size - from));
        return connected[drawn] == connected[outcome] ? drawn : outcome;
    }

    private int firstAtOrAfter(long now) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (beganAt[middle] < now) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int nearestUnplayed(int after, long now) {
        int before = after - 1;
        while (before >= 0 && played[before] && now - beganAt[before] <= window) {
            before--;
        }
        int behind = after;
        while (behind < size && played[behind] && beganAt[behind] - now <= window) {
            behind++;
        }
        long toBefore = before < 0 ? Long.MAX_VALUE : now - beganAt[before];
        long toBehind = behind == size ? Long.MAX_VALUE : beganAt[behind] - now;
        if (Math.min(toBefore, toBehind) > window) {
            return -1;
        }
        return toBefore <= toBehind ? before : behind;
    }

    private int nearest(int after, long now) {
        if (after == size) {
            return size - 1;
        }
        return after > 0 && now - beganAt[after - 1] < beganAt[after] - now ? after - 1 : after;
    }
}
