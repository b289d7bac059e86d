package io.genericpool.replay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Virtual time ends when nothing is left. */
class VirtualClockTest {
    @Test
    void aReplayThatWaitsForNothingEnds() {
        var clock = new VirtualClock();
        clock.schedule(() -> {}, 5);
        clock.schedule(() -> {}, 7).cancel();
        clock.runNext();
        assertThat(clock.nanoTime()).isEqualTo(5);
        assertThat(clock.next()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(clock::runNext)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("nothing is left to happen");
    }
}
