package io.genericpool.fleet.internal.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.PoolConfig;
import io.genericpool.fleet.InProcessEngine;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.SharedLimits.Share;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pool that answers late: what the ledger is told is what the pool has confirmed, step by step. */
class ShareKeeperTest {
    private static final String A = "a";

    private final FakePoolClock clock = new FakePoolClock();
    private final InProcessEngine engine = new InProcessEngine(clock);

    /** A pool that is told shares and does nothing by itself. */
    private final class SlowPool implements SharedLimits.Holder<String> {
        final ArrayDeque<Share> told = new ArrayDeque<>();
        final List<Boolean> reachable = new ArrayList<>();
        final ShareKeeper<String> keeper;
        private int held;

        SlowPool(String session) {
            this(session, clock);
        }

        SlowPool(String session, PoolClock own) {
            keeper = new ShareKeeper<>(
                    new KeeperSettings<>(
                            engine,
                            "fleet",
                            endpoint -> 10,
                            PoolConfig.UNLIMITED,
                            endpoint -> endpoint,
                            15_000_000_000L,
                            0,
                            5_000_000_000L,
                            20_000_000L,
                            KeeperSettings.KEEP,
                            0,
                            own),
                    this,
                    session);
            keeper.start();
        }

        void demand(long version, int share, int held, int wanted) {
            keeper.demand(A, new Demand(version, share, held, wanted, 0));
        }

        Share last() {
            return told.getLast();
        }

        Stream<Share> allTold() {
            return told.stream();
        }

        /** Answers the last share as a pool does whose connections are all leased, and close when they must. */
        void answerLeased(int wanted) {
            Share share = last();
            held = share.giving() == Giving.ALL ? share.connections() : Math.max(held, share.connections());
            demand(share.version(), held, held, wanted);
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public PoolClock clock() {
            return clock;
        }

        @Override
        public String label(String endpoint) {
            return endpoint;
        }

        @Override
        public void share(@Nullable String endpoint, Share share) {
            told.add(share);
        }

        @Override
        public void reachable(boolean is, @Nullable Throwable why) {
            reachable.add(is);
        }
    }

    private long granted() {
        return engine.granted("fleet", "e:a");
    }

    private void advance(Duration time) {
        clock.advance(time);
    }

    @Test
    void whatWasToldAndIsNotConfirmedIsNotGivenBack() { // F2
        var pool = new SlowPool("one");
        pool.demand(0, 0, 0, 5);
        advance(Duration.ofMillis(30));
        assertThat(granted()).isEqualTo(5);
        long version = pool.last().version();
        assertThat(pool.last().connections()).isEqualTo(5);
        pool.demand(version - 1, 0, 0, 4); // it has not taken the share yet, and will
        advance(Duration.ofSeconds(20));
        assertThat(granted()).as("it may open all five at any moment").isEqualTo(5);
        pool.demand(version, 5, 5, 5);
        advance(Duration.ofSeconds(20));
        assertThat(granted()).isEqualTo(5);
    }

    @Test
    void aSmallerShareIsFreeOnceThePoolKeepsToItAndHasClosedTheRest() { // F2
        var pool = new SlowPool("one");
        pool.demand(0, 0, 0, 8);
        advance(Duration.ofMillis(30));
        pool.demand(pool.last().version(), 8, 8, 8);
        var other = new SlowPool("other");
        other.demand(0, 0, 0, 8);
        advance(Duration.ofMillis(100));
        assertThat(other.last().connections()).as("what was free").isEqualTo(2);
        other.demand(other.last().version(), 2, 2, 8);
        assertThat(pool.last().giving()).isEqualTo(Giving.IDLE);
        assertThat(pool.last().connections()).isEqualTo(5);
        advance(Duration.ofMillis(100));
        assertThat(granted()).as("it has not answered").isEqualTo(10);

        pool.demand(pool.last().version(), 5, 8, 8);
        advance(Duration.ofMillis(100));
        assertThat(other.last().connections()).as("eight are open yet").isEqualTo(2);
        pool.demand(pool.last().version(), 5, 6, 6);
        advance(Duration.ofMillis(100));
        assertThat(other.last().connections()).as("two of them are closed").isEqualTo(4);
        assertThat(granted()).isEqualTo(10);
    }

    @Test
    void leasedConnectionsGoByHalvesOfWhatIsBeyondTheTarget() {
        var pool = new SlowPool("one");
        pool.demand(0, 0, 0, 10);
        advance(Duration.ofMillis(30));
        pool.answerLeased(10);
        var other = new SlowPool("other");
        other.demand(0, 0, 0, 9);
        advance(Duration.ofMillis(100));
        assertThat(pool.last().giving()).isEqualTo(Giving.IDLE);
        for (int i = 0; i < 50; i++) {
            advance(Duration.ofMillis(100));
            pool.answerLeased(10);
            other.answerLeased(9);
        }
        assertThat(pool.allTold()
                        .filter(share -> share.giving() == Giving.ALL)
                        .map(Share::connections)
                        .distinct())
                .as("ten, and then half of what is beyond five per second")
                .containsExactly(0, 10, 7, 6, 5);
        assertThat(other.last().connections()).isEqualTo(5);
        assertThat(granted()).isEqualTo(10);
    }

    @Test
    void anEndpointThatComesBackIsToldItsShareAnew() {
        var pool = new SlowPool("one");
        pool.demand(0, 0, 0, 3);
        advance(Duration.ofMillis(30));
        long version = pool.last().version();
        pool.demand(version, 3, 3, 3);
        pool.keeper.gone(A, version - 1); // an older word: a share is still on its way
        advance(Duration.ofMillis(30));
        assertThat(granted()).isEqualTo(3);
        pool.keeper.gone(A, pool.last().version());
        advance(Duration.ofMillis(30));
        assertThat(granted()).isZero();
        pool.demand(0, 0, 0, 2);
        advance(Duration.ofMillis(30));
        assertThat(pool.last().connections()).isEqualTo(2);
        assertThat(pool.last().version()).as("versions never start anew").isGreaterThan(version);
    }

    @Test
    void aGoneEndpointKeepsItsRightWhileTheEngineIsAway() { // F8
        var pool = new SlowPool("one");
        pool.demand(0, 0, 0, 3);
        advance(Duration.ofMillis(30));
        pool.demand(pool.last().version(), 3, 3, 3);
        engine.stop();
        advance(Duration.ofSeconds(6));
        assertThat(pool.reachable).containsExactly(false);
        pool.keeper.gone(A, pool.last().version());
        pool.demand(0, 0, 0, 2);
        assertThat(pool.last().connections()).as("it may open them again").isEqualTo(3);
        pool.keeper.gone(A, pool.last().version());
        engine.start(true);
        advance(Duration.ofSeconds(20));
        assertThat(pool.reachable).containsExactly(false, true);
        assertThat(granted()).isZero();
    }

    @Test
    void afterAPauseNothingIsOpenedBeforeTheLedgerHasAnswered() {
        var sleepy = new SleepyClock();
        var pool = new SlowPool("one", sleepy);
        pool.demand(0, 0, 0, 8);
        advance(Duration.ofMillis(30));
        pool.demand(pool.last().version(), 8, 4, 8);
        advance(Duration.ofMillis(30));
        sleepy.asleep = true;
        var other = new SlowPool("other");
        other.demand(0, 0, 0, 6);
        advance(Duration.ofSeconds(20));
        assertThat(other.last().connections()).as("its lease is over").isEqualTo(6);
        int before = pool.told.size();
        sleepy.wake();
        List<Share> since = new ArrayList<>(pool.told).subList(before, pool.told.size());
        assertThat(since).isNotEmpty();
        assertThat(since.get(0).giving())
                .as("what is open stays, and no more is opened")
                .isEqualTo(Giving.UNUSED);
        assertThat(since.get(0).connections()).isZero();
        advance(Duration.ofSeconds(1));
        assertThat(granted()).isEqualTo(10);
        assertThat(pool.last().connections()).isLessThanOrEqualTo(4);
    }

    /** The clock of a process that may be stopped: its timers run when it wakes up. */
    private final class SleepyClock implements PoolClock {
        private final List<Runnable> missed = new ArrayList<>();
        private boolean asleep;

        void wake() {
            asleep = false;
            List.copyOf(missed).forEach(Runnable::run);
            missed.clear();
        }

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return clock.schedule(
                    () -> {
                        if (asleep) {
                            missed.add(task);
                        } else {
                            task.run();
                        }
                    },
                    delayNanos);
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.park(blocker, nanos);
        }

        @Override
        public boolean isManual() {
            return true;
        }
    }
}
