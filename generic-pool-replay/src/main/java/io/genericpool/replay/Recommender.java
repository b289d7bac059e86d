package io.genericpool.replay;

import io.genericpool.replay.internal.engine.Slowdown;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Searches for the knobs that reach a goal with the fewest connections, by replays. Not thread-safe. */
public final class Recommender {
    /** More connections help no more when they save less than this share of the wait, or of the goal's time. */
    private static final double LITTLE = 0.05;

    private static final int MOST_REFINED = 12;

    private final Replay replay;
    private final Goal goal;
    private BiConsumer<Knobs, ReplayResult> progress = (knobs, result) -> {};

    /**
     * Prepares a search.
     *
     * @param replay replays the recording
     * @param goal what is to be reached
     */
    public Recommender(Replay replay, Goal goal) {
        this.replay = replay;
        this.goal = goal;
    }

    /**
     * Sets what is told of each replay.
     *
     * @param value takes the knobs and the result
     * @return this
     */
    public Recommender progress(BiConsumer<Knobs, ReplayResult> value) {
        progress = value;
        return this;
    }

    /**
     * Tries these knobs and no others.
     *
     * @param candidates the knobs to try
     * @return what came of them
     * @throws IllegalArgumentException when knobs contradict each other, or there are none
     */
    public Recommendation among(List<Knobs> candidates) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("there are no knobs to try");
        }
        candidates.forEach(Knobs::validated);
        var results = new ArrayList<ReplayResult>();
        for (Knobs each : candidates) {
            results.add(tried(each));
        }
        return recommendation(results);
    }

    /**
     * Searches {@code maxSize}, with all other knobs as they are given: first in steps that grow, until more connections help no
     * more or {@code totalMaxSize} has been tried, then between the last that misses the goal and the first that reaches it.
     *
     * @param start the other knobs
     * @return what came of it
     */
    public Recommendation overMaxSize(Knobs start) {
        var results = new TreeMap<Integer, ReplayResult>();
        int size = Math.max(1, start.minIdle());
        for (boolean isLast = false; !isLast; size = next(size, start.totalMaxSize())) {
            ReplayResult result = tried(start.withMaxSize(size));
            results.put(size, result);
            boolean isUnused = result.mostOpen() < size && goal.isReachedBy(result.waits());
            isLast = size == start.totalMaxSize() || isUnused || helpNoMore(results);
        }
        refine(start, results);
        return recommendation(List.copyOf(results.values()));
    }

    private static int next(int size, int most) {
        return (int) Math.min(most, size < 4 ? size + 1L : size + size / 2L);
    }

    /** The last three sizes are alike. */
    private boolean helpNoMore(NavigableMap<Integer, ReplayResult> results) {
        if (results.size() < 4) {
            return false;
        }
        var last = results.descendingMap().values().stream().limit(3).toList();
        return isLittle(wait(last.get(2)), wait(last.get(0)))
                && last.get(0).mostOpen() == last.get(1).mostOpen();
    }

    private void refine(Knobs start, NavigableMap<Integer, ReplayResult> results) {
        for (int i = 0; i < MOST_REFINED; i++) {
            Optional<Integer> reached = results.entrySet().stream()
                    .filter(each -> goal.isReachedBy(each.getValue().waits()))
                    .map(Map.Entry::getKey)
                    .findFirst();
            Integer below = reached.map(results::lowerKey).orElse(null);
            if (below == null || reached.get() - below < 2) {
                return;
            }
            int middle = (reached.get() + below) / 2;
            results.put(middle, tried(start.withMaxSize(middle)));
        }
    }

    private ReplayResult tried(Knobs knobs) {
        ReplayResult result = replay.run(knobs);
        progress.accept(knobs, result);
        return result;
    }

    /** One that failed has waited for ever: a timeout that refuses everything at once must not look like a short wait. */
    private long wait(ReplayResult result) {
        return result.waits().servedPercentile(goal.percent());
    }

    private static int unserved(ReplayResult result) {
        return result.timedOut() + result.failed();
    }

    private boolean isLittle(long more, long less) {
        return more - less <= LITTLE * Math.max(more, Nanos.of(goal.within()));
    }

    private Recommendation recommendation(List<ReplayResult> results) {
        Optional<ReplayResult> best = results.stream()
                .filter(each -> goal.isReachedBy(each.waits()))
                .min(Comparator.<ReplayResult>comparingInt(each -> each.mostOpen())
                        .thenComparingDouble(ReplayResult::meanOpen)
                        .thenComparingInt(each -> each.knobs().maxSize()));
        return new Recommendation(goal, List.copyOf(results), best, enough(results), notes(results));
    }

    /** The smallest maxSize from which on no larger one waits much less. */
    private Optional<ReplayResult> enough(List<ReplayResult> results) {
        long least = results.stream().mapToLong(this::wait).min().orElse(0);
        int fewest = results.stream().mapToInt(Recommender::unserved).min().orElse(0);
        return results.stream()
                .filter(each -> isLittle(wait(each), least))
                .filter(each -> least < Long.MAX_VALUE || unserved(each) == fewest) // else all wait alike: for ever
                .min(Comparator.comparingInt(each -> each.knobs().maxSize()));
    }

    private List<String> notes(List<ReplayResult> results) {
        Recording recording = replay.recording();
        var notes = new ArrayList<String>();
        if (recording.dropped() > 0) {
            double share = 100.0 * recording.dropped() / (recording.dropped() + recording.size());
            notes.add(String.format(
                    Locale.ROOT,
                    "The recording left out %,d events (%.1f %%), so the real load is higher.",
                    recording.dropped(),
                    share));
        }
        if (recording.openLeases() > 0) {
            notes.add(recording.openLeases() + " leases had not ended when the recording did; they are not replayed.");
        }
        notes.addAll(Slowdown.notes(recording));
        int recorded = recording.knobs().map(Knobs::maxSize).orElse(Integer.MAX_VALUE);
        int largest =
                results.stream().mapToInt(each -> each.knobs().maxSize()).max().orElse(0);
        if (largest > recorded) {
            notes.add("Sizes above the recorded " + recorded
                    + " assume that the endpoint is as fast with more connections as it was with those.");
        }
        return List.copyOf(notes);
    }
}
