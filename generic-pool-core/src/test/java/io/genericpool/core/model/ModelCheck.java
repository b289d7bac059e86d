package io.genericpool.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the trace of a seed, plays it, and tells of its failure with a short trace that fails too. */
final class ModelCheck {
    /** What was played, for the figures at the end. */
    record Totals(long steps, long acquires, long faults, long worlds) {}

    /** How a play of a trace ended: after how many steps, and with what error; null for none. */
    record Play(int steps, Throwable error, Totals totals) {}

    private static final int TOLD = 30;

    private final long seed;
    private final Pools pools;
    private final TraceConfig config;
    private final long[] steps;

    ModelCheck(long seed, int length, Pools pools) {
        var random = new SplittableRandom(seed);
        this.seed = seed;
        this.pools = pools;
        this.config = new TraceConfig(random.split());
        this.steps = random.longs(length).toArray();
    }

    /** Plays the trace, and throws what it finds. */
    Totals run() {
        Play play = play(steps, null);
        if (play.error != null) {
            throw new AssertionError(describe(play, shrink(play)), play.error);
        }
        return play.totals;
    }

    Play play() {
        return play(steps, null);
    }

    long[] shrink(Play failed) {
        return Shrinker.shrink(java.util.Arrays.copyOf(steps, failed.steps), trace -> {
            Throwable error = play(trace, null).error;
            return error != null && kind(error).equals(kind(failed.error));
        });
    }

    private Play play(long[] trace, List<String> story) {
        return new Player(trace, story).play();
    }

    private final class Player {
        private final long[] trace;
        private final List<String> story;
        private int at;
        private long acquires;
        private long faults;
        private long worlds;

        Player(long[] trace, List<String> story) {
            this.trace = trace;
            this.story = story;
        }

        private Step next() {
            return at == trace.length ? null : new Step(trace[at++], config.calm);
        }

        Play play() {
            try {
                World world = null;
                for (Step step = next(); step != null; step = next()) {
                    world = world == null ? new World(config, pools, this::next, story) : world;
                    world.play(step);
                    if (world.isOver()) {
                        finish(world);
                        world = null;
                    }
                }
                if (world != null) {
                    finish(world);
                }
                return new Play(at, null, new Totals(at, acquires, faults, worlds));
            } catch (RuntimeException | Error e) {
                return new Play(at, e, null);
            }
        }

        private void finish(World world) {
            world.finish();
            worlds++;
            acquires += world.requests.acquires;
            faults += world.server.struck;
        }
    }

    /** The words of a failure, without its numbers. */
    private static String kind(Throwable error) {
        String words = String.valueOf(error.getMessage()).replaceAll("[0-9]+", "");
        return error.getClass() + words.substring(0, Math.min(words.length(), 16));
    }

    private String describe(Play failed, long[] shrunk) {
        var story = new ArrayList<String>();
        Play again = play(shrunk, story);
        var whole = new ArrayList<String>();
        play(java.util.Arrays.copyOf(steps, failed.steps), whole);
        return "model check failed at step " + failed.steps + " of seed " + seed + ": " + failed.error.getMessage()
                + "\nreplay: mvn -pl generic-pool-core -am -Dquick -Dtest=ModelCheckTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dmodel.seed=" + seed + " -Dmodel.steps=" + steps.length
                + " test\nconfiguration: " + config + "\n\nshrunk to " + shrunk.length + " steps:\n"
                + String.join("\n", story) + "\n"
                + (again.error == null ? "" : again.error.getMessage()) + "\n\nthe end of the whole trace:\n"
                + String.join("\n", whole.subList(Math.max(0, whole.size() - TOLD), whole.size()));
    }
}
