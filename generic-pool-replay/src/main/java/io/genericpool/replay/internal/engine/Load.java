package io.genericpool.replay.internal.engine;

import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.Recording.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a replay needs of a recording besides its rows: taken from it once, for any number of replays. */
public final class Load {
    private static final long LONGEST_TURN = 1_000_000_000L;
    /** A request may be made a moment after a release and before its connection is idle. */
    private static final long STALE = 200_000L;
    /** A connect is recorded a moment after its connection may have been lent, and seems to have begun later. */
    private static final long CONNECT_SLACK = 1_000_000L;
    /** Up to this share it may be chance: threads that do not wait for their leases ask early again and again. */
    private static final int MOST_OVERLAPS_PERCENT = 2;

    final Recording recording;
    /** Per acquire, how long its connection was then on its way to the next holder; the median where there was none to wait. */
    final long[] turnaround;
    /** Per endpoint, how long a requester that waited took to run. */
    final long[] handOver;
    /** Per endpoint, how many connections there were when the recording began, at least. */
    final int[] warm;
    /** Per acquire, the time since the requester's acquire before it ended; negative when that had not ended. */
    final long[] think;
    /** Per acquire, the next one of the same requester, or -1. */
    final int[] nextOfRequester;
    /** Which acquires are the first ones of their requesters. */
    final boolean[] isFirst;
    /** Per endpoint, the times for which connections were held. */
    final long[][] holds;

    public Load(Recording recording) {
        this.recording = recording;
        int endpoints = recording.endpoints().size();
        this.turnaround = new long[recording.size()];
        this.handOver = new long[endpoints];
        this.warm = new int[endpoints];
        this.holds = new long[endpoints][];
        this.think = new long[recording.size()];
        this.nextOfRequester = new int[recording.size()];
        this.isFirst = new boolean[recording.size()];
        Map<Integer, long[]> opened = connectsBegun();
        for (int[] acquires : byEndpoint()) {
            if (acquires.length > 0) {
                int endpoint = recording.endpoint(acquires[0]);
                measure(endpoint, acquires, opened.getOrDefault(endpoint, new long[0]));
            }
        }
        linkRequesters();
    }

    /** Per endpoint, when the connects began that gave connections. Their ends may be recorded late, after the first lease. */
    private Map<Integer, long[]> connectsBegun() {
        return IntStream.range(0, recording.connects())
                .filter(recording::isConnected)
                .boxed()
                .collect(Collectors.groupingBy(
                        recording::connectEndpoint,
                        Collectors.collectingAndThen(Collectors.toList(), connects -> connects.stream()
                                .mapToLong(recording::connectBeganAt)
                                .sorted()
                                .toArray())));
    }

    private int[][] byEndpoint() {
        var counts = new int[warm.length];
        for (int i = 0; i < recording.size(); i++) {
            counts[recording.endpoint(i)]++;
        }
        var lists = new int[warm.length][];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = new int[counts[i]];
        }
        Arrays.fill(counts, 0);
        for (int i = 0; i < recording.size(); i++) {
            int endpoint = recording.endpoint(i);
            lists[endpoint][counts[endpoint]++] = i;
        }
        return lists;
    }

    private void measure(int endpoint, int[] acquires, long[] connects) {
        int[] leases = Arrays.stream(acquires)
                .filter(i -> recording.outcome(i).isLease())
                .toArray();
        holds[endpoint] = Arrays.stream(leases).mapToLong(recording::held).toArray();
        long[] overs = Arrays.stream(leases)
                .mapToLong(recording::handOver)
                .filter(nanos -> nanos > 0)
                .sorted()
                .toArray();
        handOver[endpoint] = overs.length == 0 ? 0 : overs[overs.length / 2];
        long[] ends = Arrays.stream(leases).mapToLong(this::endOf).sorted().toArray();
        findTurns(leases);
        warm[endpoint] = warm(leases, ends, connects);
    }

    /**
     * Releases and hand-overs in the order of time: a request that was handed a connection got the one that had been on its way
     * for longest.
     */
    private void findTurns(int[] leases) {
        int[] byEnd = sorted(leases, this::endOf);
        var free = new ArrayDeque<Integer>();
        var found = new ArrayList<Long>();
        int next = 0;
        for (int lease : sorted(leases, this::deliveredAt)) {
            long delivered = deliveredAt(lease);
            while (next < byEnd.length && endOf(byEnd[next]) <= delivered) {
                int ended = byEnd[next++];
                turnaround[ended] = -1;
                if (recording.outcome(ended) == Outcome.RELEASED) { // else its connection is closed
                    free.add(ended);
                }
            }
            if (recording.handOver(lease) == 0) {
                free.pollLast(); // it found one idle
                continue;
            }
            Integer before = free.peekFirst();
            while (before != null && endOf(before) < recording.requestedAt(lease) - STALE) {
                free.pollFirst(); // one that was idle by then, and is gone
                before = free.peekFirst();
            }
            if (before != null && delivered - endOf(before) < LONGEST_TURN) {
                free.pollFirst();
                turnaround[before] = delivered - endOf(before);
                found.add(turnaround[before]);
            }
        }
        found.sort(null);
        long median = found.isEmpty() ? 0 : found.get(found.size() / 2);
        for (int lease : leases) {
            turnaround[lease] = turnaround[lease] < 0 ? median : turnaround[lease];
        }
    }

    private static int[] sorted(int[] acquires, IntToLongFunction by) {
        return Arrays.stream(acquires)
                .boxed()
                .sorted((a, b) -> Long.compare(by.applyAsLong(a), by.applyAsLong(b)))
                .mapToInt(i -> i)
                .toArray();
    }

    private long deliveredAt(int acquire) {
        return recording.requestedAt(acquire) + recording.waited(acquire);
    }

    private long endOf(int acquire) {
        return deliveredAt(acquire) + recording.held(acquire);
    }

    /** More leases at once than connections opened so far must have used connections from before. */
    private int warm(int[] leases, long[] ends, long[] connects) {
        long[] begins = Arrays.stream(leases)
                .mapToLong(i -> deliveredAt(i) + recording.handOver(i))
                .sorted()
                .toArray();
        int most = 0;
        int ended = 0;
        int opened = 0;
        for (int begun = 1; begun <= begins.length; begun++) {
            long now = begins[begun - 1];
            while (ended < ends.length && ends[ended] <= now) {
                ended++;
            }
            while (opened < connects.length && connects[opened] <= now + CONNECT_SLACK) {
                opened++;
            }
            most = Math.max(most, begun - ended - opened);
        }
        return most;
    }

    private void linkRequesters() {
        Arrays.fill(nextOfRequester, -1);
        Map<Long, Integer> last = new HashMap<>();
        for (int i = 0; i < recording.size(); i++) {
            Integer before = last.put(recording.requester(i), i);
            isFirst[i] = before == null;
            if (before != null) {
                nextOfRequester[before] = i;
                think[i] = recording.requestedAt(i) - endOf(before);
            }
        }
    }

    /**
     * Whether at most 2 % of the acquires were asked for before the last lease of their requester had ended: only then does a
     * closed loop make sense.
     */
    public boolean isClosedLoopPossible() {
        return overlaps() * 100 <= (long) MOST_OVERLAPS_PERCENT * recording.size();
    }

    private long overlaps() {
        long count = 0;
        for (int i = 0; i < think.length; i++) {
            count += !isFirst[i] && think[i] < 0 ? 1 : 0;
        }
        return count;
    }

    public Recording recording() {
        return recording;
    }
}
