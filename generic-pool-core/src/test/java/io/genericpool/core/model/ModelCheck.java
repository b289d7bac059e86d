package io.genericpool.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the trace of a seed, plays it, and when it fails looks for a short trace that fails too. */
final class ModelCheck {
    /** What was played, for the figures at the end. */
    record Totals(long steps, long acquires, long faults, int mostWorlds) {}

    private static final int SHRINK_REPLAYS = 400;
    private static final int SHOWN = 40;

    private final long seed;
    private final TraceConfig config;
    private final List<Step> steps = new ArrayList<>();
    private final int ending;
    private final TraceRunner.Maker maker;

    ModelCheck(long seed, int length, TraceRunner.Maker maker) {
        var random = new SplittableRandom(seed);
        this.seed = seed;
        this.config = new TraceConfig(random.split());
        for (int i = 0; i < length; i++) {
            steps.add(Step.random(random, config));
        }
        this.ending = random.nextInt(1_000);
        this.maker = maker;
    }

    Totals run() {
        var failure = play(steps);
        if (failure.error == null) {
            long faults = steps.stream().filter(Step::isFault).count();
            return new Totals(steps.size(), failure.runner.acquires(), faults, failure.runner.mostWorlds());
        }
        throw new AssertionError(describe(failure, shrink(failure)), failure.error);
    }

    /** One play of a trace: where it stopped, and the error, null for none. */
    private static final class Play {
        final TraceRunner runner;
        int played;
        Throwable error;

        Play(TraceRunner runner) {
            this.runner = runner;
        }
    }

    private Play play(List<Step> trace) {
        var play = new Play(new TraceRunner(config, maker));
        try {
            for (var step : trace) {
                play.played++;
                play.runner.events().add("-- " + play.played + ": " + step);
                play.runner.play(step);
            }
            play.runner.close(ending);
        } catch (RuntimeException | Error e) {
            play.error = e;
        }
        return play;
    }

    /** Delta debugging: takes out pieces, smaller and smaller, as long as what is left fails in the same way. */
    private List<Step> shrink(Play failure) {
        var best = new ArrayList<>(steps.subList(0, failure.played));
        int replays = 0;
        for (int piece = Math.max(1, best.size() / 2); ; piece = Math.max(1, piece / 2)) {
            boolean shrunk = false;
            for (int from = 0; from < best.size() && replays < SHRINK_REPLAYS; ) {
                var shorter = new ArrayList<>(best.subList(0, from));
                shorter.addAll(best.subList(Math.min(best.size(), from + piece), best.size()));
                replays++;
                var again = play(shorter);
                if (again.error != null && kind(again.error).equals(kind(failure.error))) {
                    best = new ArrayList<>(shorter.subList(0, again.played));
                    shrunk = true;
                } else {
                    from += piece;
                }
            }
            if (replays >= SHRINK_REPLAYS || piece == 1 && !shrunk) {
                return best;
            }
        }
    }

    /** The first words of a failure, without its numbers. */
    private static String kind(Throwable error) {
        var words = String.valueOf(error.getMessage()).replaceAll("[0-9]+", "");
        return error.getClass() + words.substring(0, Math.min(words.length(), 30));
    }

    private String describe(Play failure, List<Step> shrunk) {
        var again = play(shrunk);
        return "model check failed at step " + failure.played + " of seed " + seed + "; replay it with -Dmodel.seed="
                + seed
                + "\nconfiguration: " + config + "\n\nfailure: " + failure.error.getMessage() + "\n\nlast steps:\n"
                + tail(failure.runner.events()) + "\n\nshrunk trace of " + shrunk.size() + " steps:\n"
                + String.join("\n", again.runner.events())
                + "\n\nits failure: " + (again.error == null ? "none" : again.error.getMessage());
    }

    private static String tail(List<String> events) {
        int from = events.size();
        for (int left = SHOWN; from > 0 && left > 0; ) {
            left -= events.get(--from).startsWith("--") ? 1 : 0;
        }
        return String.join("\n", events.subList(from, events.size()));
    }
}
