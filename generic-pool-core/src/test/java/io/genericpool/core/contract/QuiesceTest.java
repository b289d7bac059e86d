package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.EndpointLimits;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.QuiesceReport;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole pool at rest. Shows I51. */
@Timeout(120)
class QuiesceTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final PoolWorld world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(10));

    private void assertNothingOpen() {
        assertThat(world.pool.stats().total()).isZero();
        world.server.assertAllClosed();
    }

    @Test
    void idleConnectionsGoAndWaitingRequestsAreServedAfterwards() {
        world.fill("a", 2);
        world.fill("b", 1);
        QuiesceReport report = world.pool.quiesce(SECOND);
        assertThat(report.isQuiet()).as("%s", report).isTrue();
        assertThat(report.open()).isZero();
        assertNothingOpen();
        var known = world.ask("a");
        var unknown = world.ask("c");
        assertThat(world.pool.tryConnection("a")).isEmpty();
        world.advance(SECOND);
        assertThat(known).isNotDone();
        assertThat(unknown).isNotDone();
        assertThat(world.stats("c").isSuspended()).isTrue();
        assertNothingOpen();
        world.pool.endQuiesce();
        world.settle();
        world.release(known.join());
        world.release(unknown.join());
        assertThat(world.stats("a").isSuspended()).isFalse();
        world.verify(2, 10);
    }

    @Test
    void withFailWaitingAndNewRequestsFailAtOnce() {
        var held = world.leases("a", 2);
        var waiting = world.ask("a");
        QuiesceReport report = world.pool.quiesce(SuspendMode.FAIL, Duration.ZERO);
        world.settle();
        assertThat(report.isQuiet()).isFalse();
        assertThat(report.leased()).isEqualTo(2);
        assertThat(waiting).isCompletedExceptionally();
        assertThatThrownBy(() -> world.pool.connection("new")).isInstanceOf(EndpointUnavailableException.class);
        held.forEach(lease -> assertThat(lease.connection().isOpen()).isTrue());
        held.forEach(world::release);
        assertNothingOpen();
        assertThat(world.pool.quiesce(SECOND).isQuiet()).isTrue();
        var patient = world.ask("a");
        assertThat(patient).as("the second call has set the mode").isNotDone();
        world.pool.endQuiesce();
        world.settle();
        world.release(patient.join());
        world.verify(2, 10);
    }

    @Test
    void itWaitsForLeasesAndForConnectsInFlight() {
        var lease = world.lease("a");
        world.holdConnects(true);
        var connecting = world.ask("b");
        assertThat(world.pool.stats().connecting()).isEqualTo(1);
        world.clock.schedule(lease::release, Duration.ofMillis(300).toNanos());
        world.clock.schedule(
                () -> world.holdConnects(false), Duration.ofMillis(600).toNanos());
        QuiesceReport report = world.pool.quiesce(SECOND);
        assertThat(report.isQuiet()).as("%s", report).isTrue();
        assertThat(report.duration()).isBetween(Duration.ofMillis(600), Duration.ofMillis(700));
        assertNothingOpen();
        assertThat(connecting).isNotDone();
        world.pool.endQuiesce();
        world.settle();
        world.release(connecting.join());
        world.verify(2, 10);
    }

    @Test
    void anEndpointSuspendedOnItsOwnStaysSo() {
        world.fill("a", 1);
        world.pool.suspend("a", SuspendMode.FAIL);
        assertThat(world.pool.quiesce(SECOND).isQuiet()).isTrue();
        world.pool.resume("b");
        var other = world.ask("b");
        assertThat(other).isNotDone();
        world.pool.endQuiesce();
        world.settle();
        world.release(other.join());
        assertThatThrownBy(() -> world.pool.connection("a")).isInstanceOf(EndpointUnavailableException.class);
        assertThat(world.pool.quiesce(SECOND).isQuiet()).isTrue();
        world.pool.resume("a");
        var again = world.ask("a");
        assertThat(again).as("the pool is at rest").isNotDone();
        world.pool.endQuiesce();
        world.settle();
        world.release(again.join());
        world.verify(2, 10);
    }

    /** Requests for many endpoints fail meanwhile, and none of these fills the pool. */
    @Test
    void anEndpointWithoutConnectionsLeavesAPoolAtRest() {
        world.pool.quiesce(SuspendMode.FAIL, SECOND);
        for (int i = 0; i < 100; i++) {
            String endpoint = "stranger-" + i;
            assertThatThrownBy(() -> world.pool.connection(endpoint))
                    .isInstanceOf(EndpointUnavailableException.class)
                    .hasMessageContaining("the pool is at rest; endQuiesce() ends that");
        }
        assertThat(world.pool.endpoints()).isEmpty();
        world.pool.endQuiesce();
        world.release(world.lease("a"));
        world.verify(2, 10);
    }

    /** Its limits are asked for before it is inserted: just then, the pool comes to rest. */
    @Test
    void anEndpointThatJoinsInTheMomentOfTheQuiesceIsAtRest() {
        var quiesces = new AtomicBoolean();
        var report = new AtomicReference<QuiesceReport>();
        var joining = PoolWorld.with(knobs -> knobs.maxSize(1));
        joining.pool.close();
        joining.open(knobs -> knobs.maxSize(1).endpointLimits(endpoint -> {
            if (quiesces.getAndSet(false)) {
                report.set(joining.pool.quiesce(SECOND));
            }
            return EndpointLimits.of(0, 1);
        }));
        quiesces.set(true);
        var request = joining.ask("late");
        joining.advance(SECOND);
        assertThat(report.get().isQuiet()).isTrue();
        assertThat(request).isNotDone();
        assertThat(joining.pool.stats().created()).isZero();
        joining.pool.endQuiesce();
        joining.settle();
        joining.release(request.join());
        joining.verify(1, 100);
    }

    @Test
    void itEndsEarlyWhenTheRestEnds() {
        var lease = world.lease("a");
        world.clock.schedule(world.pool::endQuiesce, Duration.ofMillis(200).toNanos());
        QuiesceReport report = world.pool.quiesce(Duration.ofHours(1));
        assertThat(report.isQuiet()).isFalse();
        assertThat(report.duration()).isLessThan(SECOND);
        world.release(lease);
        world.pool.endQuiesce();
        world.release(world.lease("a"));
        world.verify(2, 10);
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() {
        var lease = world.lease("a");
        Thread.currentThread().interrupt();
        QuiesceReport report = world.pool.quiesce(Duration.ofHours(1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.isQuiet()).isFalse();
        assertThat(report.open()).isEqualTo(1);
        assertThat(report.duration()).isLessThan(SECOND);
        world.pool.endQuiesce();
        world.release(lease);
        world.verify(2, 10);
    }

    @Test
    void aHookDoesNotWaitForItsOwnConnection() {
        var reports = new ArrayList<QuiesceReport>();
        var inside = PoolWorld.with(knobs -> knobs.maxSize(1));
        inside.pool.close();
        inside.open(knobs -> knobs.listener(new PoolListener<String>() {
            @Override
            public void onConnectionDisposed(ConnectionEvent<String> event) {
                if (reports.isEmpty()) {
                    reports.add(inside.pool.quiesce(Duration.ofMinutes(5)));
                }
            }
        }));
        var lease = inside.lease("a");
        long before = inside.clock.nanoTime();
        lease.invalidate();
        inside.settle();
        assertThat(reports).hasSize(1);
        assertThat(inside.clock.nanoTime() - before).isLessThan(SECOND.toNanos());
        inside.pool.endQuiesce();
        inside.release(inside.lease("a"));
        inside.verify(10, 100);
    }

    @Test
    void aCloseInTheMidstOfItEndsBoth() {
        var lease = world.lease("a");
        var waiting = world.ask("b");
        var reports = new ArrayList<Object>();
        world.clock.schedule(
                () -> reports.add(world.pool.close(Duration.ofSeconds(2))),
                Duration.ofMillis(100).toNanos());
        QuiesceReport report = world.pool.quiesce(Duration.ofHours(1));
        assertThat(reports).hasSize(1);
        assertThat(report.isQuiet()).as("%s", report).isTrue();
        assertThat(waiting.isDone()).isTrue();
        lease.release();
        assertThat(world.pool.quiesce(SECOND).isQuiet()).as("on a closed pool").isTrue();
        world.pool.endQuiesce();
        assertNothingOpen();
    }

    @Test
    void aTimeoutBelowZeroIsRefused() {
        assertThatThrownBy(() -> world.pool.quiesce(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> world.pool.quiesce(null, SECOND)).isInstanceOf(NullPointerException.class);
        world.release(world.lease("a"));
        world.verify(2, 10);
    }

    /** Real threads: endpoints join while the pool comes to rest and goes on, and each quiet report is true. */
    @Test
    void noConnectionIsOpenAfterAQuietReportWhileEndpointsJoin() throws Exception {
        ScriptedManager<String> manager = ScriptedManager.plain();
        var failures = new ArrayList<Throwable>();
        var stop = new AtomicBoolean();
        var names = new AtomicInteger();
        try (var pool = ConnectionPools.builder(manager)
                .maxSize(2)
                .totalMaxSize(50)
                .acquireTimeout(Duration.ofSeconds(30))
                .build()) {
            var ended = new CountDownLatch(4);
            for (int i = 0; i < 4; i++) {
                new Thread(
                                () -> {
                                    try {
                                        while (!stop.get()) {
                                            pool.connection("e" + names.incrementAndGet())
                                                    .release();
                                        }
                                    } catch (Throwable e) {
                                        synchronized (failures) {
                                            failures.add(e);
                                        }
                                    } finally {
                                        ended.countDown();
                                    }
                                },
                                "joining-" + i)
                        .start();
            }
            List<String> wrong = new ArrayList<>();
            for (int round = 0; round < 150; round++) {
                QuiesceReport report = pool.quiesce(Duration.ofSeconds(20));
                long created = pool.stats().created();
                if (!report.isQuiet() || pool.stats().total() != 0) {
                    wrong.add(round + ": " + report + ", " + pool.stats());
                }
                Thread.yield();
                if (pool.stats().created() != created) {
                    wrong.add(round + ": a connection was opened at rest");
                }
                pool.endQuiesce();
            }
            stop.set(true);
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(wrong).isEmpty();
            synchronized (failures) {
                assertThat(failures).isEmpty();
            }
        }
        manager.server().assertAllClosed();
    }
}
