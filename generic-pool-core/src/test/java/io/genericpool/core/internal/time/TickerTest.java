package io.genericpool.core.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.support.HookClock;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Shows I37: the tick never goes back, and a late one is noticed whoever reads the clock. */
class TickerTest {
    private static final long PERIOD = 1_000;

    private final FakePoolClock clock = new FakePoolClock(Long.MAX_VALUE - 2 * PERIOD);
    private final HookClock hooked = new HookClock(clock);
    private final Ticker ticker = new Ticker(hooked, false, PERIOD);

    /** A clock that shows less than another thread has read since. */
    private static final class OldReading implements io.genericpool.spi.PoolClock {
        private final FakePoolClock clock = new FakePoolClock();
        private Runnable meanwhile = () -> {};

        @Override
        public long nanoTime() {
            long read = clock.nanoTime();
            Runnable next = meanwhile;
            meanwhile = () -> {};
            next.run();
            return read;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return clock.schedule(task, delayNanos);
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.park(blocker, nanos);
        }
    }

    @Test
    void theTickDoesNotGoBackWhereAnotherThreadHasReadALaterTime() {
        var old = new OldReading();
        var late = new Ticker(old, false, PERIOD);
        old.meanwhile = () -> {
            old.clock.advance(Duration.ofNanos(5 * PERIOD));
            late.exact();
        };

        late.advance();

        assertThat(late.coarse()).isEqualTo(5 * PERIOD);
    }

    @Test
    void anAdvanceThatComesLateSaysSoAlthoughAnotherThreadHasWrittenTheTick() {
        assertThat(ticker.advance()).isFalse();
        clock.advance(Duration.ofNanos(PERIOD));
        assertThat(ticker.advance()).isFalse();
        clock.advance(Duration.ofNanos(2 * PERIOD + 1));
        ticker.exact();
        assertThat(ticker.coarse()).isEqualTo(clock.nanoTime());
        assertThat(ticker.advance()).isTrue();
    }
}
