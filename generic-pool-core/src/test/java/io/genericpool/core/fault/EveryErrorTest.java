package io.genericpool.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An error at each allocation and each call of the engine's slow path, one per run of a scenario: afterwards the pool
 * has repaired itself, serves its full size and closes. The ordinary run takes a quarter of the places, chosen by a
 * fixed seed, at their first visit. {@code -Dfault.share=1 -Dfault.visits=3} takes all of them, at their first three
 * visits. Shows I29, I30 and I31.
 */
final class EveryErrorTest {
    private static final int VISITS = Integer.getInteger("fault.visits", 1);
    private static final double SHARE = Double.parseDouble(System.getProperty("fault.share", "0.25"));
    private static final long SEED = 20_261_130;
    /** Fewer than that would mean that the engine is not transformed any more. */
    private static final int LEAST_RUNS = 500;

    @Timeout(1_800)
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorsLoseNothing(boolean hasStagesAndHooks) throws Exception {
        Constructor<?> scenario = new FaultLoader(EveryErrorTest.class.getClassLoader())
                .loadClass(FaultScenario.class.getName())
                .getConstructor(boolean.class);
        int[] visits = visitsOfSoundRun(scenario, hasStagesAndHooks);
        var failures = new ArrayList<String>();
        var chance = new Random(SEED);
        int runs = 0;
        for (int site = 0; site < visits.length; site++) {
            for (int nth = 1; nth <= Math.min(visits[site], VISITS); nth++) {
                if (chance.nextDouble() < SHARE) {
                    runs++;
                    List<String> wrong = strike((FaultRun) scenario.newInstance(hasStagesAndHooks), site, nth);
                    if (!wrong.isEmpty()) {
                        failures.add(FaultHook.site(site) + ", visit " + nth + ": " + wrong);
                    }
                }
            }
        }
        assertThat(failures).as("of %s runs", runs).isEmpty();
        assertThat(runs).isGreaterThan((int) (LEAST_RUNS * SHARE));
    }

    private static int[] visitsOfSoundRun(Constructor<?> scenario, boolean hasStagesAndHooks) throws Exception {
        var sound = (FaultRun) scenario.newInstance(hasStagesAndHooks);
        FaultHook.count();
        sound.play();
        int[] visits = FaultHook.visits();
        assertThat(sound.settle()).as("without an error").isEmpty();
        return visits;
    }

    private static List<String> strike(FaultRun run, int site, int nth) {
        FaultHook.arm(site, nth);
        run.play();
        boolean unused = FaultHook.disarm();
        try {
            return run.settle();
        } catch (RuntimeException | Error e) {
            return List.of("the pool fails afterwards: " + e);
        }
    }
}
