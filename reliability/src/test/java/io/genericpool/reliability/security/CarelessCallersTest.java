package io.genericpool.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.LeaseScope;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller can do to a pool, by carelessness or on purpose: endpoints and requests without end, bad keys, old handles. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CarelessCallersTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor executor = new ManualExecutor();

    private <E> ConnectionPoolBuilder<E, Session> builder() {
        clock.autoAdvance(executor::runAll);
        return ConnectionPools.builder(new Sessions<E>())
                .clock(clock)
                .connectExecutor(executor)
                .completionExecutor(executor);
    }

    /** A connection that remembers what it was told. */
    private static class Session {
        private final List<String> told = new ArrayList<>();

        void tell(String text) {
            told.add(text);
        }
    }

    /** What one lease sees of it. */
    private static final class View extends Session {
        private final Session session;
        private final LeaseScope lease;

        View(Session session, LeaseScope lease) {
            this.session = session;
            this.lease = lease;
        }

        @Override
        void tell(String text) {
            if (!lease.isActive()) {
                throw new IllegalStateException("the lease has ended");
            }
            session.tell(text);
        }
    }

    private static final class Sessions<E> implements ConnectionManager<E, Session> {
        @Override
        public Session create(E endpoint, Duration timeout) {
            return new Session();
        }

        @Override
        public void dispose(E endpoint, Session connection, Duration timeout) {}

        @Override
        public Session lend(E endpoint, Session connection, LeaseScope lease) {
            return new View(connection, lease);
        }
    }

    @Test
    void endpointsFromUserInputAreBoundedByTheirNumber() {
        ConnectionPool<String, Session> pool =
                this.<String>builder().maxEndpoints(100).minIdle(1).build();
        List<Lease<String, Session>> held = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            held.add(pool.connection("user " + i));
        }

        for (int i = 100; i < 10_000; i++) {
            String another = "user " + i;
            assertThatThrownBy(() -> pool.connection(another)).isInstanceOf(PoolExhaustedException.class);
        }

        assertThat(pool.endpoints()).hasSize(100);
        held.forEach(Lease::release);
        pool.connection("user 7").release(); // those who are in go on
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
    }

    @Test
    void endpointsFromUserInputAreForgottenAfterTheirRetention() {
        ConnectionPool<String, Session> pool = this.<String>builder()
                .minIdle(1)
                .totalMaxSize(1_000)
                .endpointRetention(Duration.ofMinutes(1))
                .build();
        for (int i = 0; i < 1_000; i++) {
            pool.connection("user " + i).release();
        }
        assertThat(pool.endpoints()).hasSize(1_000);

        for (int minute = 0; minute < 5; minute++) {
            clock.advance(Duration.ofMinutes(1));
            executor.runAll();
        }

        assertThat(pool.endpoints()).isEmpty();
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
    }

    @Test
    void waitersAreBoundedAndTheRestFailsAtOnce() {
        ConnectionPool<String, Session> pool =
                this.<String>builder().maxSize(1).maxWaiters(10).build();
        var held = pool.connection("a");
        List<CompletableFuture<?>> asked = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            asked.add(pool.connectionAsync("a").thenAccept(Lease::release));
        }

        assertThat(asked)
                .filteredOn(CompletableFuture::isCompletedExceptionally)
                .hasSize(990);
        assertThat(pool.stats().waiters()).isEqualTo(10);
        held.release();
        executor.runAll();
        assertThat(asked).allMatch(CompletableFuture::isDone);
        assertThat(pool.stats().rejected()).isEqualTo(990);
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
    }

    private static final AtomicLong COMPARISONS = new AtomicLong();

    /** Chosen so that all have the same hash code. */
    private record Colliding(int number) {
        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            COMPARISONS.incrementAndGet();
            return other instanceof Colliding colliding && colliding.number == number;
        }
    }

    /** The same, but with an order. */
    private record CollidingInOrder(int number) implements Comparable<CollidingInOrder> {
        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            COMPARISONS.incrementAndGet();
            return other instanceof CollidingInOrder colliding && colliding.number == number;
        }

        @Override
        public int compareTo(CollidingInOrder other) {
            COMPARISONS.incrementAndGet();
            return Integer.compare(number, other.number);
        }
    }

    @Test
    void endpointsWhoseHashCodesCollideAreStillToldApart() {
        int count = 500;
        ConnectionPool<Colliding, Session> pool =
                this.<Colliding>builder().totalMaxSize(count).build();
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var lease = pool.connection(new Colliding(i));
            lease.connection().tell("I am " + i);
            sessions.add(((View) lease.connection()).session);
            lease.release();
        }
        for (int i = 0; i < count; i++) {
            var lease = pool.connection(new Colliding(i));
            assertThat(((View) lease.connection()).session)
                    .isSameAs(sessions.get(i))
                    .satisfies(session -> assertThat(session.told).hasSize(1));
            lease.release();
        }
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        assertThat(pool.endpoints()).isEmpty();
    }

    @Test
    void endpointsThatCollideButHaveAnOrderDoNotCostTheSquareOfTheirNumber() {
        long few = comparisonsFor(1_000);
        long many = comparisonsFor(16_000);

        // A logarithm more each; the square would be 256 times as many.
        assertThat(many).isLessThan(few * 16 * 3);
    }

    private long comparisonsFor(int count) {
        ConnectionPool<CollidingInOrder, Session> pool =
                this.<CollidingInOrder>builder().totalMaxSize(count).build();
        COMPARISONS.set(0);
        for (int cycle = 0; cycle < 2; cycle++) {
            for (int i = 0; i < count; i++) {
                pool.connection(new CollidingInOrder(i)).release();
            }
        }
        assertThat(pool.endpoints()).hasSize(count);
        long comparisons = COMPARISONS.get();
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
        return comparisons;
    }

    @Test
    void aConnectionKeptAfterItsReleaseReachesNothing() {
        ConnectionPool<String, Session> pool = this.<String>builder().maxSize(1).build();
        var first = pool.connection("a");
        Session kept = first.connection();
        kept.tell("from the first");
        first.release();
        var second = pool.connection("a");

        assertThatThrownBy(() -> kept.tell("from the first, again")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(first::connection).isInstanceOf(IllegalStateException.class);
        first.release();
        first.invalidate();

        second.connection().tell("from the second");
        assertThat(((View) second.connection()).session.told).containsExactly("from the first", "from the second");
        assertThat(pool.stats().staleReleases()).isEqualTo(2);
        second.release();
        assertThat(pool.close(Duration.ofSeconds(10)).isClean()).isTrue();
    }
}
