package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.EndpointLimits;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The meters that a dashboard of database clients expects. */
@Timeout(60)
class OpenTelemetryMetersTest {
    private static final String PREFIX = "db.client.connection.";
    private static final String STATE = "db.client.connection.state";

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private Set<String> names() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.substring(PREFIX.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private double gauge(String name, String... tags) {
        return registry.get(PREFIX + name).tags(tags).gauge().value();
    }

    private Timer timer(String name) {
        return registry.get(PREFIX + name).timer();
    }

    @Test
    void theyMustBeAskedFor() {
        try (TestPool test = new TestPool("orders")) {
            test.metrics().build().bindTo(registry);
            assertThat(names()).isEmpty();
        }
    }

    @Test
    void theyTellTheStateOfThePool() {
        try (TestPool test = new TestPool("orders", knobs -> knobs.maxSize(1)
                .totalMaxSize(7)
                .endpointLimits(endpoint -> EndpointLimits.of(endpoint.equals("a") ? 1 : 0, 1)))) {
            test.metrics().openTelemetry().build().bindTo(registry);
            test.touch("b");
            var held = test.pool.connectionAsync("a");
            test.tasks.runAll();
            var late = test.pool.connectionAsync("a", Duration.ofSeconds(2));
            test.renew();
            assertThat(gauge("count", STATE, "idle")).isEqualTo(1);
            assertThat(gauge("count", STATE, "used")).isEqualTo(1);
            assertThat(gauge("max")).isEqualTo(7);
            assertThat(gauge("idle.min")).isEqualTo(1);
            assertThat(gauge("pending_requests")).isEqualTo(1);
            assertThat(registry.get(PREFIX + "timeouts").functionCounter().count())
                    .isZero();
            test.pass(Duration.ofSeconds(2));
            assertThat(late).isCompletedExceptionally();
            assertThat(gauge("pending_requests")).isZero();
            assertThat(registry.get(PREFIX + "timeouts").functionCounter().count())
                    .isEqualTo(1);
            assertThat(names()).containsExactly("count", "idle.min", "max", "pending_requests", "timeouts");
            held.join().close();
        }
    }

    @Test
    void aConnectionThatIsBeingOpenedDoesNotCount() {
        try (TestPool test = new TestPool("orders")) {
            test.metrics().openTelemetry().build().bindTo(registry);
            var coming = test.pool.connectionAsync("a"); // its task has not run
            test.clock.advance(Duration.ofSeconds(1));
            assertThat(registry.get("genericpool.connections")
                            .tag("state", "connecting")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(gauge("count", STATE, "idle")).isZero();
            assertThat(gauge("count", STATE, "used")).isZero();
            test.tasks.runAll();
            coming.join().close();
        }
    }

    @Test
    void theTagsAreThoseOfTheConventionsAndTheOnesThatWereGiven() {
        try (TestPool test = new TestPool("orders")) {
            test.metrics().tag("cell", "1").openTelemetry().build().bindTo(registry);
            assertThat(names()).isNotEmpty();
            for (Meter meter : registry.getMeters()) {
                Set<String> keys =
                        meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
                if (meter.getId().getName().startsWith(PREFIX)) {
                    assertThat(keys)
                            .contains("cell", PREFIX + "pool.name")
                            .isSubsetOf("cell", PREFIX + "pool.name", PREFIX + "state");
                    assertThat(meter.getId().getTag(PREFIX + "pool.name")).isEqualTo("orders");
                } else {
                    assertThat(keys).contains("cell", "pool").doesNotContain(PREFIX + "pool.name");
                }
            }
            assertThatIllegalArgumentException().isThrownBy(() -> test.metrics().tag(PREFIX + "pool.name", "mine"));
        }
    }

    @Test
    void theTimersMeasureWhatTheChoiceOfTimersDoes() {
        PoolTimers timers = PoolTimers.connectsWaitsAndLeases();
        try (TestPool test = new TestPool("orders", knobs -> knobs.maxSize(1).listener(timers))) {
            ConnectionPoolMetrics metrics =
                    test.metrics().openTelemetry().timers(timers).build();
            metrics.bindTo(registry);
            test.manager.script(Operation.CREATE, "a").always(Behaviour.take(test.clock, Duration.ofMillis(30)));
            test.manager.script(Operation.CREATE, "down").always(Behaviour.fail(new IOException("refused")));
            test.touch("a");
            var failing = test.pool.connectionAsync("down");
            test.tasks.runAll();
            assertThat(failing).isCompletedExceptionally();
            assertThat(timer("create_time").count()).as("those that succeeded").isEqualTo(1);
            assertThat(timer("create_time").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
            assertThat(timer("use_time").count()).isEqualTo(1);
            for (String[] pair : new String[][] {{"wait_time", "acquire.wait"}, {"use_time", "lease"}}) {
                assertThat(timer(pair[0]).count())
                        .isEqualTo(
                                registry.get("genericpool." + pair[1]).timer().count())
                        .isPositive();
            }
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
            test.touch("a");
            assertThat(test.pool.stats().listenerFailures()).isZero();
        }
    }

    @Test
    void withoutLeaseTimersThereIsNoUseTime() {
        PoolTimers timers = PoolTimers.connects();
        try (TestPool test = new TestPool("orders", knobs -> knobs.listener(timers))) {
            test.metrics().openTelemetry().timers(timers).build().bindTo(registry);
            assertThat(names()).contains("create_time").doesNotContain("wait_time", "use_time");
        }
    }
}
