package io.genericpool.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a view registers for the end of its lease runs once, whoever is first. Shows I42. */
class SlotLeaseTest {
    private final Slot<String, Object> slot = SlotTest.idle();
    private final SlotLease<String, Object> lease = new SlotLease<>(slot, slot.tryLease(0));
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void anActionWaitsForTheEnd() {
        lease.onEnd(ends::incrementAndGet);
        assertThat(ends).hasValue(0);

        lease.runOnEnd();
        lease.runOnEnd();

        assertThat(ends).hasValue(1);
    }

    @Test
    void anActionThatComesAfterTheEndRunsAtOnce() {
        slot.tryRelease(lease.word);
        assertThat(lease.isActive()).isFalse();

        lease.onEnd(ends::incrementAndGet);

        assertThat(ends).hasValue(1);
        lease.onEnd(ends::incrementAndGet);
        assertThat(ends)
                .as("it had ended, so the second one runs at once as well")
                .hasValue(2);
    }

    @Test
    void aSecondActionIsRefusedWhileTheLeaseLasts() {
        lease.onEnd(ends::incrementAndGet);

        assertThatIllegalStateException().isThrownBy(() -> lease.onEnd(ends::incrementAndGet));

        lease.runOnEnd();
        assertThat(ends).hasValue(1);
    }

    @Test
    void anEndWithoutAnActionRunsNothing() {
        lease.runOnEnd();
        assertThat(ends).hasValue(0);
        lease.onEnd(ends::incrementAndGet);
        assertThat(ends).as("the lease itself is active").hasValue(0);
    }
}
