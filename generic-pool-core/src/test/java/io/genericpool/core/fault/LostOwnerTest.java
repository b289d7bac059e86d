package io.genericpool.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is decided under the lock and then lost, one kind after the other: the next two sweeps repair it. Shows I30
 * and I31.
 */
final class LostOwnerTest {
    /** More than there are from one sweep to the next. */
    private static final int TICKS = 100;

    /** The place of the error: class, method and what is called or made there. */
    @Timeout(300)
    @ParameterizedTest
    @CsvSource({
        "Connector, connect, new io/genericpool/core/internal/call/Connector$Connect",
        "Checker, check, new io/genericpool/core/internal/call/Checker$Check",
        "Disposer, dispose, new io/genericpool/core/internal/call/Disposer$1",
        "LeaseHooks, release, new io/genericpool/core/internal/call/PendingReset",
        "EndpointSteps, relieve, EndpointSteps.disposeClaimed",
        "Connector, arrived, EndpointPool.sampleConnectTime",
        "Disposer, remove, EndpointPool.remove"
    })
    void lostOwnersAreRepaired(String owner, String method, String what) throws Exception {
        var scenario = new FaultLoader(LostOwnerTest.class.getClassLoader())
                .loadClass(FaultScenario.class.getName())
                .getConstructor(boolean.class);
        FaultHook.count();
        ((FaultRun) scenario.newInstance(true)).play();
        int site = FaultHook.find(owner, method, what);
        var run = (FaultRun) scenario.newInstance(true);
        FaultHook.arm(site, 1);
        run.play();
        assertThat(FaultHook.disarm()).as("thrown").isTrue();

        assertThat(run.settle()).isEmpty();
        assertThat(run.repaired()).isPositive();
    }

    @Test
    void aSweepThatDoesNotKnowTheOwnersRepairsNothing() throws Exception {
        var scenario = new FaultLoader(LostOwnerTest.class.getClassLoader())
                .loadClass(OwnersScenario.class.getName())
                .getConstructor();
        FaultHook.count();
        var sound = (FaultRun) scenario.newInstance();
        for (int i = 0; i < TICKS; i++) {
            sound.play();
        }
        assertThat(sound.repaired()).isZero();
        int site = FaultHook.find("RepairStep", "owners", "CallLedger.addOwned");
        var run = (FaultRun) scenario.newInstance();

        failNextSweep(run, site);
        failNextSweep(run, site);
        failNextSweep(run, site);

        assertThat(run.repaired()).isZero();
        assertThat(run.settle()).isEmpty();
    }

    private static void failNextSweep(FaultRun run, int site) {
        boolean hasThrown = false;
        for (int i = 0; i < TICKS && !hasThrown; i++) {
            FaultHook.arm(site, 1);
            run.play();
            hasThrown = FaultHook.disarm();
        }
        assertThat(hasThrown).isTrue();
    }
}
