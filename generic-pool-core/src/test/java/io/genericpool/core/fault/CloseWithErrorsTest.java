package io.genericpool.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An error anywhere in a close leaves no endpoint open, costs one connection at most, and a second close ends what the first
 * one began. Shows I48.
 */
class CloseWithErrorsTest {
    @Timeout(300)
    @Test
    void noErrorInACloseLeavesAnEndpointOpen() throws Exception {
        Constructor<?> scenario = new FaultLoader(CloseWithErrorsTest.class.getClassLoader())
                .loadClass(CloseScenario.class.getName())
                .getConstructor();
        var sound = (FaultRun) scenario.newInstance();
        FaultHook.count();
        sound.play();
        int[] visits = FaultHook.visits();
        assertThat(sound.settle()).as("without an error").isEmpty();

        var failures = new ArrayList<String>();
        int runs = 0;
        for (int site = 0; site < visits.length; site++) {
            if (visits[site] > 0) {
                runs++;
                List<String> wrong = strike((FaultRun) scenario.newInstance(), site);
                if (!wrong.isEmpty()) {
                    failures.add(FaultHook.site(site) + ": " + wrong);
                }
            }
        }
        assertThat(failures).as("of %s runs", runs).isEmpty();
        assertThat(runs).isGreaterThan(50);
    }

    private static List<String> strike(FaultRun run, int site) {
        FaultHook.arm(site, 1);
        run.play();
        boolean unused = FaultHook.disarm();
        try {
            return run.settle();
        } catch (RuntimeException | Error e) {
            return List.of("the pool fails afterwards: " + e);
        }
    }
}
