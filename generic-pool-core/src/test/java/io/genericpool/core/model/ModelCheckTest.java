package io.genericpool.core.model;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A seeded, single-threaded model check: random traces on the real pool, on virtual time, compared with a sequential
 * specification after every step, with faults in a tenth of them. {@code -Dmodel.seeds} says how many traces (20),
 * {@code -Dmodel.first} from which seed on (1), {@code -Dmodel.steps} how long they are (5,000), {@code -Dmodel.seed}
 * replays one. That the check can fail is shown by {@link ModelCheckBitesTest}. Shows I9, I10, I11, I13, I14, I15,
 * I16, I17, I18, I19, I20, I24, I25, I27, I41, I47, I54, I55 and I56.
 */
class ModelCheckTest {
    private static final long START = System.nanoTime();
    private static int seeds;
    private static long steps;
    private static long acquires;
    private static long faults;
    private static long pools;

    static LongStream seeds() {
        Long only = Long.getLong("model.seed");
        long first = only == null ? Long.getLong("model.first", 1) : only;
        return LongStream.range(first, first + (only == null ? Integer.getInteger("model.seeds", 20) : 1));
    }

    @ParameterizedTest(name = "the pool does what its model says, seed {0}")
    @MethodSource("seeds")
    void thePoolDoesWhatItsModelSays(long seed) {
        var totals = new ModelCheck(seed, Integer.getInteger("model.steps", 5_000), new Pools()).run();
        seeds++;
        steps += totals.steps();
        acquires += totals.acquires();
        faults += totals.faults();
        pools += totals.worlds();
    }

    @AfterAll
    static void printTotals() {
        System.out.printf(
                "model check: %d seeds, %,d steps, %,d acquires, %,d faults, %,d pools closed, %.1f s%n",
                seeds,
                steps,
                acquires,
                faults,
                pools,
                (System.nanoTime() - START) / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
