package io.genericpool.replay.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a recording together from events in any order. Times may have any origin, the same for all. Not thread-safe. */
public final class RecordingBuilder {
    static final int AT = 0;
    static final int ENDPOINT = 1;
    static final int WAITED = 2;
    static final int HAND_OVER = 3;
    static final int HELD = 4;
    static final int REQUESTER = 5;
    static final int OUTCOME = 6;

    final String pool;

    @Nullable
    Knobs knobs;

    final List<String> labels = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Columns acquires = new Columns(7);
    private final Columns connects = new Columns(4);
    private final Columns deaths = new Columns(4);
    long dropped;
    long openLeases;

    /**
     * Begins an empty recording.
     *
     * @param pool the name of the pool
     */
    public RecordingBuilder(String pool) {
        this.pool = pool;
    }

    /**
     * Sets the knobs of the pool.
     *
     * @param value the knobs
     */
    public void knobs(Knobs value) {
        knobs = value;
    }

    /**
     * Finds or adds an endpoint.
     *
     * @param label its label
     * @return its place
     */
    public int endpoint(String label) {
        return places.computeIfAbsent(label, key -> {
            labels.add(key);
            return labels.size() - 1;
        });
    }

    /**
     * Adds a lease.
     *
     * @param endpoint the place of its endpoint
     * @param endedAt when it ended
     * @param times waited, hand-over and held, in nanoseconds
     * @param requester the thread that asked for it
     * @param isInvalidated whether it was invalidated
     */
    @SuppressWarnings("EnumOrdinal") // kept in memory only, and read by the same enum
    public void lease(int endpoint, long endedAt, long[] times, long requester, boolean isInvalidated) {
        Recording.Outcome outcome = isInvalidated ? Recording.Outcome.INVALIDATED : Recording.Outcome.RELEASED;
        acquires.add(
                endedAt - times[2] - times[0], endpoint, times[0], times[1], times[2], requester, outcome.ordinal());
    }

    /**
     * Adds an acquire without a lease.
     *
     * @param endpoint the place of its endpoint
     * @param endedAt when it ended
     * @param waited how long it took
     * @param requester the thread that asked
     * @param isTimeout whether it timed out
     */
    @SuppressWarnings("EnumOrdinal") // kept in memory only, and read by the same enum
    public void failure(int endpoint, long endedAt, long waited, long requester, boolean isTimeout) {
        Recording.Outcome outcome = isTimeout ? Recording.Outcome.TIMED_OUT : Recording.Outcome.FAILED;
        acquires.add(endedAt - waited, endpoint, waited, 0, 0, requester, outcome.ordinal());
    }

    /**
     * Adds a connection attempt.
     *
     * @param endpoint the place of its endpoint
     * @param endedAt when it ended
     * @param took how long it took
     * @param isConnected whether it gave a connection
     */
    public void connect(int endpoint, long endedAt, long took, boolean isConnected) {
        connects.add(endedAt - took, endpoint, took, isConnected ? 1 : 0);
    }

    /**
     * Adds a connection that died or was evicted.
     *
     * @param endpoint the place of its endpoint
     * @param at when
     * @param age its age then
     * @param isEviction whether it was evicted
     */
    public void death(int endpoint, long at, long age, boolean isEviction) {
        deaths.add(at, endpoint, age, isEviction ? 1 : 0);
    }

    /**
     * Adds to the number of events that were left out.
     *
     * @param events how many
     */
    public void dropped(long events) {
        dropped += events;
    }

    /**
     * Sets the number of leases that had not ended.
     *
     * @param leases how many
     */
    public void openLeases(long leases) {
        openLeases = leases;
    }

    /**
     * Puts all in order.
     *
     * @return the recording
     * @throws RecordingException when it holds no acquire
     */
    public Recording build() {
        if (acquires.size() == 0) {
            throw new RecordingException("the recording of pool " + pool + " holds no acquires");
        }
        long origin = Long.MAX_VALUE;
        for (Columns each : List.of(acquires, connects, deaths)) {
            for (int i = 0; i < each.size(); i++) {
                origin = Math.min(origin, each.get(i, AT));
            }
        }
        for (Columns each : List.of(acquires, connects, deaths)) {
            for (int i = 0; i < each.size(); i++) {
                each.set(i, AT, each.get(i, AT) - origin);
            }
        }
        return new Recording(this, acquires.sortedBy(AT), connects.sortedBy(AT), deaths.sortedBy(AT));
    }
}
