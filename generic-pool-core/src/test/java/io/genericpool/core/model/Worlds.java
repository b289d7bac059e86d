package io.genericpool.core.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All the states in which a pool may be, by its specification and by what was seen of it. Each event is applied to each
 * of them, once for each way to go on that the specification allows; a state that an event or an observation rules out
 * is dropped. When none is left, the pool broke its specification.
 */
final class Worlds {
    private static final int MOST = 4_000;

    private List<PoolModel> worlds = new ArrayList<>();
    private int most;

    Worlds(PoolModel start) {
        worlds.add(start);
    }

    int size() {
        return worlds.size();
    }

    int most() {
        return most;
    }

    PoolModel any() {
        return worlds.get(0);
    }

    /** Something happened; fails when no state allows it. */
    void apply(String event, Consumer<PoolModel> change) {
        List<PoolModel> next = new ArrayList<>();
        var refusals = new ArrayList<String>();
        for (var world : worlds) {
            List<int[]> script = new ArrayList<>();
            do {
                var copy = world.copy(script);
                try {
                    change.accept(copy);
                    next.add(copy);
                } catch (ModelState.Refused e) {
                    refusals.add(e.getMessage());
                }
            } while (advance(script));
        }
        if (next.isEmpty()) {
            throw new AssertionError("no way to allow '" + event + "', because: "
                    + refusals.stream().distinct().limit(5).toList() + "\nin the state\n" + any().key());
        }
        if (next.size() > 1) {
            var distinct = new LinkedHashMap<String, PoolModel>();
            next.forEach(world -> distinct.putIfAbsent(world.key(), world));
            next = new ArrayList<>(distinct.values());
        }
        if (next.size() > MOST) {
            throw new AssertionError("more than " + MOST + " states after '" + event + "', such as\n"
                    + next.get(0).key() + "\nand\n" + next.get(next.size() - 1).key());
        }
        worlds = next;
        most = Math.max(most, worlds.size());
    }

    /** Time passes, one deadline after the other. */
    void advance(long until) {
        for (long next = next(); next <= until; next = next()) {
            long time = next;
            apply("time " + time, world -> world.advance(time));
        }
        apply("time " + until, world -> world.advance(until));
    }

    private long next() {
        return worlds.stream()
                .mapToLong(world -> world.nextDeadline().getKey())
                .min()
                .orElseThrow();
    }

    /** Something was seen: what each state lacks to agree with it. Fails when none agrees. */
    void observe(Function<PoolModel, List<String>> differences) {
        List<PoolModel> agreeing = new ArrayList<>();
        List<String> best = null;
        PoolModel nearest = any();
        for (var world : worlds) {
            var found = differences.apply(world);
            if (found.isEmpty()) {
                agreeing.add(world);
            } else if (best == null || found.size() < best.size()) {
                best = found;
                nearest = world;
            }
        }
        if (agreeing.isEmpty()) {
            throw new AssertionError("pool and model differ (nearest of " + worlds.size() + " states):\n  "
                    + String.join("\n  ", best) + "\nthe model's state:\n" + nearest.key());
        }
        worlds = agreeing;
    }

    /** Moves a list of choices made on to the next combination; false after the last one. */
    private static boolean advance(List<int[]> script) {
        while (!script.isEmpty()) {
            int[] last = script.get(script.size() - 1);
            if (++last[0] < last[1]) {
                return true;
            }
            script.remove(script.size() - 1);
        }
        return false;
    }
}
