package io.genericpool.replay.internal.engine;

import io.genericpool.replay.recording.Recording;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether connects or holds were slower in the recording while more connections were in use. Then a replay with more connections
 * promises too much, because it plays the times that were recorded.
 */
public final class Slowdown {
    private static final int FEWEST = 30;
    private static final double MUCH = 1.25;

    private final Recording recording;
    /** When leases began and ended, by endpoint, in order. */
    private final List<long[]> begins = new ArrayList<>();

    private final List<long[]> ends = new ArrayList<>();

    private Slowdown(Recording recording) {
        this.recording = recording;
        for (int endpoint = 0; endpoint < recording.endpoints().size(); endpoint++) {
            begins.add(new long[0]);
            ends.add(new long[0]);
        }
        var byEndpoint = IntStream.range(0, recording.size())
                .filter(i -> recording.outcome(i).isLease())
                .boxed()
                .collect(Collectors.groupingBy(recording::endpoint));
        byEndpoint.forEach((endpoint, leases) -> {
            begins.set(endpoint, leases.stream().mapToLong(this::begin).sorted().toArray());
            ends.set(
                    endpoint,
                    leases.stream()
                            .mapToLong(i -> begin(i) + recording.held(i))
                            .sorted()
                            .toArray());
        });
    }

    private long begin(int lease) {
        return recording.requestedAt(lease) + recording.waited(lease);
    }

    /** What a recording shows, as sentences; none when nothing is slower. */
    public static List<String> notes(Recording recording) {
        var slowdown = new Slowdown(recording);
        var notes = new ArrayList<String>();
        slowdown.compare(
                notes,
                "Holds",
                IntStream.range(0, recording.size())
                        .filter(i -> recording.outcome(i).isLease())
                        .mapToObj(i ->
                                new long[] {slowdown.inUse(recording.endpoint(i), slowdown.begin(i)), recording.held(i)
                                })
                        .toList());
        slowdown.compare(
                notes,
                "Connects",
                IntStream.range(0, recording.connects())
                        .filter(recording::isConnected)
                        .mapToObj(i -> new long[] {
                            slowdown.inUse(recording.connectEndpoint(i), recording.connectBeganAt(i)),
                            recording.connectTook(i)
                        })
                        .toList());
        return notes;
    }

    /** How many connections of an endpoint were leased at a time. */
    private long inUse(int endpoint, long at) {
        return (long) upTo(begins.get(endpoint), at) - upTo(ends.get(endpoint), at);
    }

    private static int upTo(long[] sorted, long at) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Compares the third with the fewest connections in use with the third with the most. */
    private void compare(List<String> notes, String what, List<long[]> rows) {
        long[] uses = rows.stream().mapToLong(row -> row[0]).sorted().toArray();
        if (uses.length < 3 * FEWEST) {
            return;
        }
        long few = uses[uses.length / 3];
        long many = uses[2 * uses.length / 3];
        if (few == many) {
            return;
        }
        long[] withFew = rows.stream()
                .filter(row -> row[0] <= few)
                .mapToLong(row -> row[1])
                .sorted()
                .toArray();
        long[] withMany = rows.stream()
                .filter(row -> row[0] >= many)
                .mapToLong(row -> row[1])
                .sorted()
                .toArray();
        if (Math.min(withFew.length, withMany.length) < FEWEST) {
            return;
        }
        long low = withFew[withFew.length / 2];
        long high = withMany[withMany.length / 2];
        if (high > MUCH * low) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s were slower with more connections in use: %s with %d or more, %s with %d or fewer (medians)."
                            + " A replay does not make them slower still.",
                    what,
                    Nanos.text(high),
                    many,
                    Nanos.text(low),
                    few));
        }
    }
}
