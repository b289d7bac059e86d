package io.genericpool.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** The lines that a pool logs of its life, on a virtual clock. */
class PoolLogTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor tasks = new ManualExecutor();
    private final ScriptedManager<String> manager = ScriptedManager.plain();
    private final CapturedLog log = CapturedLog.of("logged", Level.DEBUG);
    private boolean inside;

    private ConnectionPool<String, FakeConnection<String>> open(
            Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        clock.autoAdvance(tasks::runAll);
        var builder = ConnectionPools.builder(manager)
                .name("logged")
                .clock(clock)
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .connectGovernor(ConnectGovernor.unlimited())
                .maxSize(1)
                .idleTimeout(Duration.ofHours(1))
                .endpointLabel(endpoint -> "<" + endpoint.substring(0, 1) + ">");
        knobs.accept(builder);
        var pool = builder.build();
        assertThat(log.take())
                .hasSize(2)
                .first()
                .isEqualTo("INFO pool logged has started: totalMaxSize=100, per endpoint "
                        + pool.config().defaultLimits());
        return pool;
    }

    @AfterEach
    void endTheCapture() {
        log.close();
    }

    private void close(ConnectionPool<?, ?> pool) {
        pool.close();
        assertThat(log.take()).last().asString().startsWith("INFO pool logged is closed: returned=0, revoked=0");
        manager.server().assertAllClosed();
    }

    @Test
    void aConnectionIsToldOfFromItsOpeningToItsEnd() {
        var pool = open(knobs -> {});
        manager.script(Operation.CREATE).next(Behaviour.take(clock, Duration.ofMillis(30)));
        Lease<String, FakeConnection<String>> lease = pool.connection("secret");
        assertThat(log.take()).containsExactly("DEBUG pool logged: opened a connection to <s> in 30 ms");
        lease.release();
        pool.connection("secret").release();
        assertThat(log.take()).as("no line per lease").isEmpty();
        clock.advance(Duration.ofMillis(250));
        pool.evict("secret");
        tasks.runAll();
        assertThat(log.take())
                .containsExactly("DEBUG pool logged: disposed a connection to <s>: EVICTED, age 250 ms, leases 2");
        close(pool);
    }

    @Test
    void anAttemptThatFailsIsToldWithItsCauseAndNoSecret() {
        var pool = open(knobs -> {});
        manager.script(Operation.CREATE)
                .next(Behaviour.take(clock, Duration.ofMillis(5)).then(Behaviour.fail(new IOException("refused"))));
        assertThatThrownBy(() -> pool.connection("secret")).hasMessageContaining("<s>");
        assertThat(log.take())
                .containsExactly("DEBUG pool logged: a connection attempt to <s> failed after 5 ms: "
                        + "java.io.IOException: refused");
        close(pool);
    }

    @Test
    void howItStandsIsToldEachHalfMinuteInWhichSomethingHasChanged() {
        var pool = open(knobs -> {});
        Lease<String, FakeConnection<String>> lease = pool.connection("a");
        log.take();
        clock.advance(Duration.ofSeconds(29));
        assertThat(log.take()).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        assertThat(log.take())
                .containsExactly("DEBUG pool logged: 1 of 100 connections: idle=0, leased=1, checking=0, connecting=0,"
                        + " pending=0, disposing=0; waiters=0, endpoints=1, starving=0; acquires=1, timedOut=0,"
                        + " opened=1, disposed=0");
        clock.advance(Duration.ofMinutes(5));
        assertThat(log.take()).as("nothing has changed").isEmpty();
        lease.release();
        clock.advance(Duration.ofSeconds(31));
        assertThat(log.take()).singleElement().asString().contains("idle=1, leased=0");
        close(pool);
    }

    @Test
    void howItStoodIsToldAfterATimeoutOnceASecond() {
        var pool = open(knobs -> {});
        Lease<String, FakeConnection<String>> lease = pool.connection("a");
        clock.advance(Duration.ofSeconds(1));
        log.take();
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> pool.connection("a", Duration.ofMillis(10)))
                    .isInstanceOf(AcquireTimeoutException.class);
        }
        assertThat(log.take())
                .singleElement()
                .asString()
                .startsWith("DEBUG pool logged after a timeout: 1 of 100 connections: idle=0, leased=1,")
                .contains("timedOut=1");
        var late = pool.connectionAsync("a", Duration.ofSeconds(2));
        clock.advance(Duration.ofSeconds(2));
        tasks.runAll();
        assertThat(late).isCompletedExceptionally();
        assertThat(log.take())
                .singleElement()
                .asString()
                .startsWith("DEBUG pool logged after a timeout")
                .contains("timedOut=6");
        lease.release();
        close(pool);
    }

    @Test
    void aCloseThatLeavesSomethingBehindWarns() {
        var pool = open(knobs -> {});
        Lease<String, FakeConnection<String>> lease = pool.connection("a");
        log.take();
        pool.close(Duration.ofSeconds(1));
        assertThat(log.take())
                .last()
                .asString()
                .startsWith("WARN pool logged is closed, but some of its leases or calls did not end in time: "
                        + "returned=0, revoked=1");
        lease.release();
    }

    /** Neither an appender that throws nor one that calls the pool from within its lines does harm. */
    @Test
    void anAppenderMayThrowAndMayUseThePool() {
        List<Throwable> failures = new ArrayList<>();
        var used = new ArrayList<String>();
        ConnectionPool<String, FakeConnection<String>> pool = open(knobs -> knobs.maxSize(2));
        try (CapturedLog broken = CapturedLog.of("logged", Level.DEBUG, line -> {
            if (used.size() < 3) {
                used.add(line);
                boolean isInside = inside;
                inside = true;
                try {
                    if (isInside) {
                        return; // a line of the acquire below
                    }
                    pool.connection("for the log", Duration.ofSeconds(1)).release();
                    assertThat(pool.stats().total()).isPositive();
                } catch (Throwable e) {
                    failures.add(e);
                } finally {
                    inside = isInside;
                }
            }
            throw new StackOverflowError("the appender");
        })) {
            pool.connection("a").release();
            pool.evict("a");
            tasks.runAll();
            clock.advance(Duration.ofSeconds(31));
            assertThat(broken.take()).hasSizeGreaterThan(3);
        }
        assertThat(failures).isEmpty();
        assertThat(used).hasSize(3);
        assertThat(pool.stats().hookFailures()).isZero();
        assertThat(pool.stats().repaired()).isZero();
        assertThat(pool.stats().created()).isEqualTo(2);
        close(pool);
    }

    @Test
    void aLoggerOfLinesAtInfoGetsNothingElse() {
        log.close();
        try (CapturedLog sparse = CapturedLog.of("sparse", Level.INFO)) {
            try (var pool = ConnectionPools.<String, FakeConnection<String>>builder(manager)
                    .name("sparse")
                    .clock(clock)
                    .connectExecutor(Runnable::run)
                    .build()) {
                pool.connection("a").release();
                clock.advance(Duration.ofMinutes(1));
            }
            assertThat(sparse.take()).hasSize(2).allMatch(line -> line.startsWith("INFO pool sparse "));
        }
    }
}
