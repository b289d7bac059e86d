package io.genericpool.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.ConnectionPools;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEndEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A listener hears what it overrides, and only that. */
class ListenerCostTest {
    private final List<String> heard = new ArrayList<>();

    private void cycle(PoolListener<String> listener) {
        try (var pool = ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                .clock(new FakePoolClock())
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .listener(listener)
                .build()) {
            pool.connection("e").release();
            pool.connection("e").release();
            assertThat(pool.stats().granted()).isEqualTo(2);
            assertThat(pool.stats().created()).isEqualTo(1);
        }
    }

    @Test
    void whoHearsOnlyOfAcquiresIsToldOfEach() {
        cycle(new PoolListener<>() {
            @Override
            public void onAcquired(LeaseEvent<String> event) {
                heard.add("acquired");
            }
        });
        assertThat(heard).containsExactly("acquired", "acquired");
    }

    @Test
    void whoHearsOnlyOfReleasesIsToldOfEach() {
        cycle(new PoolListener<>() {
            @Override
            public void onReleased(LeaseEvent<String> event) {
                heard.add("released");
            }
        });
        assertThat(heard).containsExactly("released", "released");
    }

    @Test
    void whoHearsOfWaitsIsToldOfThoseThatWaited() {
        cycle(new PoolListener<>() {
            @Override
            public void onAcquiredAfterWait(LeaseEvent<String> event) {
                heard.add("waited " + event.hasWaited() + event.isReused());
            }
        });
        assertThat(heard).as("for its connection").containsExactly("waited truefalse");
    }

    @Test
    void whoHearsOfAcquiresAndOfWaitsIsToldOfBoth() {
        cycle(new PoolListener<>() {
            @Override
            public void onAcquired(LeaseEvent<String> event) {
                heard.add("acquired " + event.hasWaited());
            }

            @Override
            public void onAcquiredAfterWait(LeaseEvent<String> event) {
                heard.add("waited " + event.hasWaited());
            }
        });
        assertThat(heard).containsExactly("acquired true", "waited true", "acquired false");
    }

    @Test
    void whoHearsOfEndsIsToldTheExactTimesOfEachLease() {
        var clock = new FakePoolClock();
        try (var pool = ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .maxSize(1)
                .listener(new PoolListener<String>() {
                    @Override
                    public void onLeaseEnded(LeaseEndEvent<String> event) {
                        heard.add(event.waitedNanos() + " " + event.handOverNanos() + " " + event.heldNanos() + " "
                                + event.isInvalidated() + " " + event.duration().toNanos());
                        assertThat(event.requester())
                                .isEqualTo(Thread.currentThread().getId());
                        assertThat(event.endpointLabel()).isEqualTo("e");
                    }
                })
                .build()) {
            pool.connection("e").release();
            var first = pool.connection("e");
            clock.advance(Duration.ofNanos(3));
            var second = pool.connectionAsync("e");
            clock.advance(Duration.ofNanos(4));
            first.release();
            clock.advance(Duration.ofNanos(5));
            second.orTimeout(20, TimeUnit.SECONDS).join().invalidate();
        }
        assertThat(heard).containsExactly("0 0 0 false 0", "0 0 7 false 7", "4 0 5 true 5");
    }

    /** The hooks run for the lease: their time is held, not lost and not a hand-over. */
    @Test
    void theTimeOfTheHooksBelongsToTheLease() throws Exception {
        var clock = new FakePoolClock();
        var manager = ScriptedManager.<String>full();
        manager.script(Operation.ON_ACQUIRE, "e").always(Behaviour.perform(() -> clock.advance(Duration.ofNanos(6))));
        try (var pool = ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .maxSize(1)
                .listener(new PoolListener<String>() {
                    @Override
                    public void onLeaseEnded(LeaseEndEvent<String> event) {
                        heard.add(event.waitedNanos() + " " + event.handOverNanos() + " " + event.heldNanos());
                    }
                })
                .build()) {
            pool.connection("e").release();
            heard.clear();
            var first = pool.connection("e");
            var second = pool.connectionAsync("e");
            first.release();
            second.get(20, TimeUnit.SECONDS).release();
        }
        assertThat(heard).containsExactly("0 0 6", "0 0 6");
    }

    /** What runs the completions takes its time. */
    @Test
    void theHandOverIsToldApartFromTheWait() {
        var clock = new FakePoolClock();
        var completions = new ManualExecutor();
        try (var pool = ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                .clock(clock)
                .connectExecutor(Runnable::run)
                .completionExecutor(completions)
                .maxSize(1)
                .listener(new PoolListener<String>() {
                    @Override
                    public void onLeaseEnded(LeaseEndEvent<String> event) {
                        heard.add(event.waitedNanos() + " " + event.handOverNanos() + " " + event.heldNanos());
                    }
                })
                .build()) {
            var first = pool.connection("e");
            var second = pool.connectionAsync("e");
            clock.advance(Duration.ofNanos(10));
            first.release();
            clock.advance(Duration.ofNanos(2));
            completions.runAll();
            clock.advance(Duration.ofNanos(30));
            second.orTimeout(20, TimeUnit.SECONDS).join().release();
        }
        assertThat(heard).containsExactly("0 0 10", "10 2 32");
    }

    @Test
    void anOverrideOfASuperclassCounts() {
        cycle(new Inheriting(heard));
        assertThat(heard).containsExactly("acquired", "acquired");
    }

    @Test
    void whoHearsOfConnectionsOnlyIsStillToldOfThem() {
        cycle(new PoolListener<>() {
            @Override
            public void onConnectionCreated(ConnectionEvent<String> event) {
                heard.add("created");
            }

            @Override
            public void onConnectionDisposed(ConnectionEvent<String> event) {
                heard.add("disposed");
            }
        });
        assertThat(heard).containsExactly("created", "disposed");
    }

    private static class Acquiring implements PoolListener<String> {
        private final List<String> heard;

        Acquiring(List<String> heard) {
            this.heard = heard;
        }

        @Override
        public void onAcquired(LeaseEvent<String> event) {
            heard.add("acquired");
        }
    }

    private static final class Inheriting extends Acquiring {
        Inheriting(List<String> heard) {
            super(heard);
        }
    }
}
