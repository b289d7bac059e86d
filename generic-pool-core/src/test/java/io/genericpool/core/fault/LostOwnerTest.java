package io.genericpool.core.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is decided under the lock and then lost, one kind after the other: the next two sweeps repair it. Shows I30
 * and I31.
 */
final class LostOwnerTest {
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
}
