package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolTimersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private static TestPool pool(PoolTimers timers) {
        return new TestPool("orders", knobs -> knobs.maxSize(1).listener(timers));
    }

    private Timer timer(String name, String... tags) {
        return registry.get("genericpool." + name).tags(tags).timer();
    }

    private static double millis(Timer timer) {
        return timer.totalTime(TimeUnit.MILLISECONDS);
    }

    @Test
    void connectsAreTimedByOutcome() {
        PoolTimers timers = PoolTimers.connects();
        try (TestPool test = pool(timers)) {
            test.metrics().timers(timers).build().bindTo(registry);
            test.manager.script(Operation.CREATE).always(Behaviour.take(test.clock, Duration.ofMillis(30)));
            test.touch("a");
            test.manager.script(Operation.CREATE, "down").always(Behaviour.fail(new IOException("refused")));
            var failing = test.pool.connectionAsync("down");
            test.tasks.runAll();
            assertThat(failing).isCompletedExceptionally();
            assertThat(timer("connect", "outcome", "opened").count()).isEqualTo(1);
            assertThat(millis(timer("connect", "outcome", "opened"))).isEqualTo(30);
            assertThat(timer("connect", "outcome", "failed").count()).isEqualTo(1);
            assertThat(registry.find("genericpool.acquire.wait").timer()).isNull();
            assertThat(registry.find("genericpool.lease").timer()).isNull();
        }
    }

    @Test
    void onlyAcquiresThatWaitedAreTimedAndThoseThatTimedOutAreAmongThem() {
        PoolTimers timers = PoolTimers.connectsAndWaits();
        try (TestPool test = pool(timers)) {
            test.metrics().timers(timers).build().bindTo(registry);
            test.touch("a");
            long before = timer("acquire.wait").count();
            double waited = millis(timer("acquire.wait"));
            var lease = test.pool.connectionAsync("a");
            assertThat(lease).isCompleted();
            assertThat(timer("acquire.wait").count()).as("granted at once").isEqualTo(before);
            var served = test.pool.connectionAsync("a");
            var late = test.pool.connectionAsync("a", Duration.ofMillis(400));
            test.pass(Duration.ofMillis(250));
            lease.join().close();
            test.tasks.runAll();
            assertThat(served).isCompleted();
            assertThat(millis(timer("acquire.wait")) - waited).isEqualTo(250);
            test.pass(Duration.ofMillis(200));
            assertThat(late).isCompletedExceptionally();
            assertThat(timer("acquire.wait").count()).isEqualTo(before + 2);
            assertThat(millis(timer("acquire.wait")) - waited).isBetween(650.0, 700.0);
            served.join().close();
            assertThat(registry.find("genericpool.lease").timer()).isNull();
        }
    }

    @Test
    void aRefusalIsNoWait() {
        PoolTimers timers = PoolTimers.connectsAndWaits();
        try (TestPool test =
                new TestPool("orders", knobs -> knobs.maxSize(1).maxWaiters(1).listener(timers))) {
            test.metrics().timers(timers).build().bindTo(registry);
            test.touch("a");
            long before = timer("acquire.wait").count();
            var lease = test.pool.connectionAsync("a");
            var waiting = test.pool.connectionAsync("a");
            var refused = test.pool.connectionAsync("a");
            assertThat(refused).isCompletedExceptionally();
            assertThat(timer("acquire.wait").count()).isEqualTo(before);
            assertThat(waiting.cancel(false)).isTrue();
            lease.join().close();
        }
    }

    @Test
    void leasesAreTimedWhetherReleasedOrInvalidated() {
        PoolTimers timers = PoolTimers.connectsWaitsAndLeases();
        try (TestPool test = pool(timers)) {
            test.metrics().timers(timers).build().bindTo(registry);
            for (long millis : List.of(20L, 70L)) {
                var lease = test.pool.connectionAsync("a");
                test.tasks.runAll();
                test.pass(Duration.ofMillis(millis));
                if (millis == 20) {
                    lease.join().close();
                } else {
                    lease.join().invalidate();
                }
                test.tasks.runAll();
            }
            assertThat(timer("lease").count()).isEqualTo(2);
            assertThat(millis(timer("lease"))).isBetween(70.0, 90.0);
        }
    }

    @Test
    void eachRegistryHasItsTimersUntilTheMetricsClose() {
        PoolTimers timers = PoolTimers.connectsWaitsAndLeases();
        var other = new SimpleMeterRegistry();
        try (TestPool test = pool(timers)) {
            test.touch("early");
            ConnectionPoolMetrics metrics = test.metrics().timers(timers).build();
            metrics.bindTo(registry);
            metrics.bindTo(other);
            test.touch("a");
            Timer opened = timer("connect", "outcome", "opened");
            assertThat(opened.count()).isEqualTo(1);
            assertThat(other.get("genericpool.connect")
                            .tags("outcome", "opened")
                            .timer()
                            .count())
                    .isEqualTo(1);
            metrics.close();
            test.touch("b");
            assertThat(opened.count()).isEqualTo(1);
            assertThat(registry.getMeters()).isEmpty();
            assertThat(test.pool.stats().listenerFailures()).isZero();
        }
    }

    @Test
    void timersOfAnotherPoolAreRefused() {
        PoolTimers timers = PoolTimers.connects();
        try (TestPool test = pool(timers);
                TestPool second = new TestPool("second")) {
            assertThat(test.metrics().timers(timers).build()).isNotNull();
            assertThat(test.metrics().timers(timers).build()).isNotNull();
            ConnectionPoolMetricsBuilder wrong = second.metrics().timers(timers);
            assertThatIllegalArgumentException()
                    .isThrownBy(wrong::build)
                    .withMessage("timers serve pool orders already: give each pool timers of its own");
        }
    }

    /** A pool may spare the events that its listener does not override. */
    @Test
    void whatIsNotTimedIsNotOverridden() {
        assertThat(overridden(PoolTimers.connects().getClass())).doesNotContain("onAcquired", "onReleased");
        assertThat(overridden(PoolTimers.connectsAndWaits().getClass()))
                .contains("onAcquiredAfterWait", "onConnectionCreated")
                .doesNotContain("onAcquired", "onReleased");
        assertThat(overridden(PoolTimers.connectsWaitsAndLeases().getClass()))
                .contains("onAcquiredAfterWait", "onReleased")
                .doesNotContain("onAcquired");
    }

    private static List<String> overridden(Class<?> listener) {
        return Arrays.stream(listener.getMethods())
                .filter(method -> !method.getDeclaringClass().isInterface())
                .map(Method::getName)
                .filter(name -> name.startsWith("on"))
                .toList();
    }
}
