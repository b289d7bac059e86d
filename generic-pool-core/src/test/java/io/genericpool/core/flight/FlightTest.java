package io.genericpool.core.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.CircuitState;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A flight recording of a pool, read back. */
@Timeout(120)
class FlightTest {
    private static final String POOL = "flown";

    @TempDir
    Path folder;

    private final ScriptedManager<String> manager = ScriptedManager.plain();
    private boolean withLeases;

    private Map<String, List<RecordedEvent>> recorded(Runnable work) throws IOException {
        Path file = folder.resolve("pool.jfr");
        try (var recording = new Recording()) {
            recording.enable("genericpool.State").withPeriod(Duration.ofMillis(20));
            if (withLeases) {
                recording.enable("genericpool.Lease");
            }
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("genericpool."))
                .filter(event -> List.of(POOL, "failing").contains(event.getString("pool"))) // not those of other tests
                .collect(Collectors.groupingBy(
                        event -> event.getEventType().getName().substring("genericpool.".length())));
    }

    @Test
    void aRecordingHasTheLifeOfThePool() throws IOException {
        Map<String, List<RecordedEvent>> events = recorded(this::live);

        assertThat(events.keySet()).containsExactlyInAnyOrder("Connect", "Wait", "Dispose", "State", "Knobs", "Close");
        RecordedEvent opened = events.get("Connect").get(0);
        assertThat(opened.getString("pool")).isEqualTo(POOL);
        assertThat(opened.getString("endpoint")).isEqualTo("<a>");
        assertThat(opened.getString("outcome")).isEqualTo("opened");
        assertThat(opened.getDuration()).isBetween(Duration.ofMillis(35), Duration.ofSeconds(20));
        RecordedEvent failed = events.get("Connect").get(1);
        assertThat(failed.getString("endpoint")).isEqualTo("<d>");
        assertThat(failed.getString("outcome")).isEqualTo("failed");
        assertThat(events.get("Connect")).hasSize(2);

        RecordedEvent granted = events.get("Wait").get(0);
        assertThat(granted.getString("outcome")).isEqualTo("granted");
        assertThat(granted.getString("boundBy")).isEqualTo("connect");
        assertThat(granted.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(35));
        RecordedEvent late = events.get("Wait").get(1);
        assertThat(late.getString("outcome")).isEqualTo("timed_out");
        assertThat(late.getString("boundBy")).isEqualTo("maxSize");
        assertThat(late.getDuration()).isBetween(Duration.ofMillis(25), Duration.ofSeconds(20));
        assertThat(events.get("Wait"))
                .as("none shorter than the threshold")
                .allMatch(wait -> wait.getDuration().toMillis() >= 10);

        RecordedEvent disposed = events.get("Dispose").get(0);
        assertThat(disposed.getString("reason")).isEqualTo("EVICTED");
        assertThat(disposed.getLong("leases")).isEqualTo(1);
        assertThat(disposed.getDuration("age")).isPositive();

        RecordedEvent closed = events.get("Close").get(0);
        assertThat(closed.getInt("revoked")).isZero();
        assertThat(closed.getString("pool")).isEqualTo(POOL);
        assertThat(events.values().stream().flatMap(List::stream)).allMatch(event -> event.getStackTrace() == null);
        assertThat(events.get("State"))
                .allMatch(state -> state.getString("pool").equals(POOL) && state.getInt("limit") == 7)
                .anyMatch(state -> state.getInt("leased") == 1);
    }

    @Test
    void leasesAndKnobsAreRecordedForAReplay() throws IOException {
        withLeases = true;
        long before = System.nanoTime();
        Map<String, List<RecordedEvent>> events = recorded(this::live);

        assertThat(events.get("Lease")).singleElement().satisfies(lease -> {
            assertThat(lease.getString("pool")).isEqualTo(POOL);
            assertThat(lease.getString("endpoint")).isEqualTo("<a>");
            assertThat(lease.getDuration("waited")).isBetween(Duration.ofMillis(35), Duration.ofSeconds(20));
            assertThat(lease.getDuration("held")).isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(40));
            assertThat(lease.getDuration("handOver")).isLessThan(lease.getDuration("held"));
            assertThat(lease.getLong("endedAt")).isBetween(before, System.nanoTime());
            assertThat(lease.getLong("requester"))
                    .isEqualTo(Thread.currentThread().getId());
            assertThat(lease.getBoolean("invalidated")).isFalse();
        });
        assertThat(events.get("Knobs")).isNotEmpty().allSatisfy(knobs -> {
            assertThat(knobs.getInt("maxSize")).isEqualTo(1);
            assertThat(knobs.getInt("totalMaxSize")).isEqualTo(7);
            assertThat(knobs.getInt("minIdle")).isZero();
            assertThat(knobs.getInt("maxWaiters")).isEqualTo(Integer.MAX_VALUE);
            assertThat(knobs.getInt("maxConnectsPerEndpoint")).isPositive();
            assertThat(knobs.getDuration("acquireTimeout")).isEqualTo(Duration.ofSeconds(30));
            assertThat(knobs.getDuration("connectTimeout")).isEqualTo(Duration.ofSeconds(10));
            assertThat(knobs.getDuration("idleTimeout")).isEqualTo(Duration.ofSeconds(60));
            assertThat(knobs.getDuration("maxLifetime")).isEqualTo(Duration.ofHours(1));
        });
    }

    private void live() {
        manager.script(Operation.CREATE, "a").next(Behaviour.perform(() -> pass(Duration.ofMillis(41))));
        manager.script(Operation.CREATE, "down").always(Behaviour.fail(new IOException("refused")));
        var disposed = new CountDownLatch(1); // told after the pool counts it, so perhaps after the close has returned
        var pool = ConnectionPools.<String, FakeConnection<String>>builder(manager)
                .name(POOL)
                .listener(new PoolListener<>() {
                    @Override
                    public void onConnectionDisposed(ConnectionEvent<String> event) {
                        disposed.countDown();
                    }
                })
                .maxSize(1)
                .totalMaxSize(7)
                .endpointLabel(endpoint -> "<" + endpoint.charAt(0) + ">")
                .build();
        try (pool) {
            var lease = pool.connection("a");
            assertThatThrownBy(() -> pool.connection("a", Duration.ofMillis(30)))
                    .isInstanceOf(AcquireTimeoutException.class);
            assertThatThrownBy(() -> pool.connection("down")).isNotNull();
            pass(Duration.ofMillis(2_500)); // the recorder's thread looks once a second whether there is a new pool
            pool.evict("a");
            lease.release();
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> disposed.getCount() == 0);
    }

    /** Real time: the recorder has no other clock. */
    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Test
    void aCircuitThatOpensIsRecordedAndNothingIsAfterTheClose() throws IOException {
        Map<String, List<RecordedEvent>> events = recorded(() -> {
            manager.script(Operation.CREATE).always(Behaviour.fail(new IOException("refused")));
            var pool = ConnectionPools.<String, FakeConnection<String>>builder(manager)
                    .name("failing")
                    .connectGovernor(CircuitGovernor.builder().failFastAfter(1).build())
                    .build();
            try (pool) {
                assertThatThrownBy(() -> pool.connection("a")).isNotNull();
            }
            pass(Duration.ofMillis(200));
        });
        RecordedEvent circuit = events.get("Circuit").get(0);
        assertThat(circuit.getString("after")).isEqualTo(CircuitState.OPEN.name());
        assertThat(circuit.getString("before")).isEqualTo(CircuitState.CLOSED.name());
        assertThat(circuit.getInt("failures")).isEqualTo(1);
        var closedAt = events.get("Close").get(0).getEndTime();
        assertThat(events.getOrDefault("State", List.of()))
                .allMatch(state -> !state.getStartTime().isAfter(closedAt));
    }

    @Test
    void aLeakIsRecordedOnceWithItsHolder() throws IOException {
        var clock = new FakePoolClock();
        Map<String, List<RecordedEvent>> events = recorded(() -> {
            var pool = ConnectionPools.<String, FakeConnection<String>>builder(manager)
                    .name(POOL)
                    .clock(clock)
                    .connectExecutor(Runnable::run)
                    .completionExecutor(Runnable::run)
                    .leakDetectionThreshold(Duration.ofMinutes(1))
                    .endpointLabel(endpoint -> "<" + endpoint + ">")
                    .build();
            try (pool) {
                pool.connection("quick").release();
                var lease = pool.connection("slow");
                clock.advance(Duration.ofSeconds(30));
                lease.release();
                var lost = pool.connection("lost");
                clock.advance(Duration.ofMinutes(5));
                lost.release();
            }
        });
        assertThat(events.get("Leak")).singleElement().satisfies(leak -> {
            assertThat(leak.getString("pool")).isEqualTo(POOL);
            assertThat(leak.getString("endpoint")).isEqualTo("<lost>");
            assertThat(leak.getDuration("held")).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2));
            assertThat(leak.getString("holder")).contains(Thread.currentThread().getName());
            assertThat(leak.getStackTrace()).isNull();
        });
    }

    /** The module may be left out of a run-time image. */
    @Test
    void withoutTheRecorderAPoolWorks() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base,java.logging",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutRecorder.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("no recorder, 1 lease, closed");
    }
}
