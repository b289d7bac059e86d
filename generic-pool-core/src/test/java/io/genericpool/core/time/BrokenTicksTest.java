package io.genericpool.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import java.lang.reflect.Field;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Shows I33: ticks that end, because no timer could be had for the next one, go on with the next slow request. */
class BrokenTicksTest {
    private static final class RefusingClock implements PoolClock {
        private final FakePoolClock clock = new FakePoolClock();
        private boolean refuses;

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            if (refuses) {
                throw new IllegalStateException("no memory for a timer");
            }
            return clock.schedule(task, delayNanos);
        }

        @Override
        public boolean isManual() {
            return true;
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.park(blocker, nanos);
        }
    }

    private static Object read(Object from, String name) throws ReflectiveOperationException {
        Field field = from.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }

    /** The system's clock stands in for one that refuses; here that refuses, too. */
    private static void replaceSpareClock(Object pool, PoolClock spare) throws ReflectiveOperationException {
        Object timers = read(read(pool, "context"), "timers");
        Field field = timers.getClass().getDeclaredField("spareClock");
        field.setAccessible(true);
        field.set(timers, spare);
    }

    @Test
    void theTicksGoOn() throws Exception {
        var clock = new RefusingClock();
        var executor = new ManualExecutor();
        var pool = ConnectionPools.builder(ScriptedManager.<String>plain())
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor)
                .idleTimeout(Duration.ofSeconds(10))
                .build();
        replaceSpareClock(pool, clock);
        pool.warmUp("a", 1);
        executor.runAll();
        assertThat(pool.stats().idle()).isOne();

        clock.refuses = true;
        assertThatThrownBy(() -> clock.clock.advance(Duration.ofSeconds(5))).hasMessage("no memory for a timer");
        clock.refuses = false;
        clock.clock.advance(Duration.ofMinutes(1));
        assertThat(pool.stats().idle()).as("no tick, no sweep").isOne();
        pool.connectionAsync("b", Duration.ofSeconds(1));
        executor.runAll();

        clock.clock.advance(Duration.ofMinutes(1));
        executor.runAll();
        assertThat(pool.stats("a")).isEmpty();
        assertThat(pool.stats().repaired()).isOne();
        pool.close(Duration.ZERO);
    }
}
