package io.genericpool.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error between a decision about idle connections and what follows from it: the sweeps make it good. */
@Timeout(300)
final class LostIdleTest {
    private Constructor<?> scenario;

    @BeforeEach
    void load() throws Exception {
        scenario = new FaultLoader(LostIdleTest.class.getClassLoader())
                .loadClass(IdleScenario.class.getName())
                .getConstructor(String.class);
    }

    private FaultRun soundRun(String what) throws Exception {
        var sound = (FaultRun) scenario.newInstance(what);
        FaultHook.count();
        sound.play();
        return sound;
    }

    /** Shows I30 and I40: what carries a flag for which it must go is found, although no part of the backlog has it. */
    @ParameterizedTest
    @CsvSource({
        "retire, SlotSignals, raise, EndpointSteps.discardFlagged",
        "retire, EndpointSteps, disposeIdle, EndpointPool.dispose",
        "evict, AdminStep, evict, Backlog.disposeIdle",
        "evict, Backlog, disposeIdle, new io/genericpool/core/internal/endpoint/Backlog$Part",
        "evict, Backlog, takeSlice, Backlog.dispose",
        "evict, Backlog, dispose, EndpointPool.lock",
        "die, Suspicion, begin, Backlog.disposeIdle",
        "die, Suspicion, begin, new io/genericpool/core/internal/endpoint/Backlog$Slice"
    })
    void whatMustGoIsFound(String what, String owner, String method, String called) throws Exception {
        assertThat(soundRun(what).settle()).as("without an error").isEmpty();
        int site = FaultHook.find(owner, method, called);
        var run = (FaultRun) scenario.newInstance(what);
        FaultHook.arm(site, 1);
        run.play();
        assertThat(FaultHook.disarm()).as("thrown").isTrue();

        assertThat(run.settle()).isEmpty();
    }

    /** Shows I41: a request came between a release's two looks, and an error kept the second one from serving it. */
    @Test
    void aRequestIsServedThoughAnErrorHasKeptTheReleaseFromIt() throws Exception {
        soundRun("release");
        int between = FaultHook.find("EndpointPool", "trySettle", "Slot.leases");
        var sound = (FaultRun) scenario.newInstance("release");
        FaultHook.count();
        FaultHook.meanwhile(between, sound::meanwhile);
        sound.play();
        int second = FaultHook.find("EndpointSteps", "offerAgain", "lambda accept");
        assertThat(sound.settle()).as("without an error").isEmpty();

        var run = (FaultRun) scenario.newInstance("release");
        FaultHook.meanwhile(between, () -> {
            run.meanwhile();
            FaultHook.arm(second, 1);
        });
        run.play();
        assertThat(FaultHook.disarm()).as("thrown").isTrue();

        assertThat(run.settle()).isEmpty();
    }
}
