package io.genericpool.core.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.log.CapturedLog;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.HostResolver;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class AddressWatchTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(7);

    /** The addresses of each host; a host without any is not known. */
    private final Map<String, List<InetAddress>> hosts = new ConcurrentHashMap<>();

    private final List<String> lookups = new ArrayList<>();
    private final PoolWorld world = new PoolWorld();

    @AfterEach
    void close() {
        world.pool.close();
        world.settle();
        world.manager.assertNoViolations();
    }

    private void resolve() {
        world.manager.resolver(host -> {
            lookups.add(host);
            List<InetAddress> found = hosts.get(host);
            if (found == null) {
                throw new UnknownHostException(host);
            }
            return found;
        });
    }

    private void open() {
        resolve();
        world.open(knobs -> knobs.addressWatch(INTERVAL)
                .alivenessBypass(PoolConfig.NO_LIMIT)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .name("watched"));
    }

    private void moves(String host, String... addresses) {
        hosts.put(
                host, List.of(addresses).stream().map(AddressWatchTest::address).toList());
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void pass(Duration time) {
        world.clock.advance(time);
        world.settle();
    }

    /** Each round is over before the next one begins. */
    private void passRounds(int count) {
        for (int i = 0; i < count; i++) {
            pass(INTERVAL);
        }
    }

    @Test
    void evictsIdleConnectionsWhenTheAddressesHaveChanged() {
        moves("a", "192.0.2.1");
        moves("b", "192.0.2.2");
        open();
        var old = world.fill("a", 2);
        var other = world.fill("b", 1);

        moves("a", "192.0.2.9");
        pass(INTERVAL);

        assertThat(old).noneMatch(FakeConnection::isOpen);
        assertThat(other).allMatch(FakeConnection::isOpen);
        assertThat(world.stats("b").idle()).isOne();
        assertThat(world.lease("a").connection()).isNotIn(old);
    }

    @Test
    void nothingHappensBeforeTheIntervalHasPassed() {
        moves("a", "192.0.2.1");
        open();
        var old = world.fill("a", 1);
        moves("a", "192.0.2.9");
        pass(INTERVAL.minusMillis(1));
        assertThat(old).allMatch(FakeConnection::isOpen);
        pass(Duration.ofMillis(1));
        assertThat(old).noneMatch(FakeConnection::isOpen);
    }

    @Test
    void aLeasedConnectionIsDisposedAtItsRelease() {
        moves("a", "192.0.2.1");
        open();
        var lease = world.lease("a");
        var held = lease.connection();
        moves("a", "192.0.2.9");
        pass(INTERVAL);
        assertThat(held.isOpen()).isTrue();
        world.release(lease);
        assertThat(held.isOpen()).isFalse();
        assertThat(world.pool.stats().disposed(DisposeReason.EVICTED)).isOne();
    }

    @Test
    void connectionsOpenedAfterAChangeStay() {
        moves("a", "192.0.2.1");
        open();
        world.fill("a", 1);
        moves("a", "192.0.2.9");
        pass(INTERVAL);
        var young = world.fill("a", 2);
        pass(INTERVAL.multipliedBy(3));
        assertThat(young).allMatch(FakeConnection::isOpen);
        assertThat(world.pool.stats().disposed(DisposeReason.EVICTED)).isOne();
    }

    @Test
    void eachFurtherChangeCounts() {
        moves("a", "192.0.2.1");
        open();
        for (int i = 2; i < 5; i++) {
            var current = world.fill("a", 1);
            moves("a", "192.0.2." + i);
            pass(INTERVAL);
            assertThat(current).noneMatch(FakeConnection::isOpen);
        }
    }

    @Test
    void anotherOrderIsNoChangeButAnAddressMoreIs() {
        moves("a", "192.0.2.1", "192.0.2.2");
        open();
        var old = world.fill("a", 1);
        moves("a", "192.0.2.2", "192.0.2.1", "192.0.2.2");
        pass(INTERVAL);
        assertThat(old).allMatch(FakeConnection::isOpen);
        moves("a", "192.0.2.2", "192.0.2.1", "192.0.2.3");
        pass(INTERVAL);
        assertThat(old).noneMatch(FakeConnection::isOpen);
    }

    @Test
    void aChangeBeforeTheFirstIntervalIsNoticed() {
        moves("a", "192.0.2.1");
        open();
        pass(INTERVAL.dividedBy(2));
        assertThat(lookups).isEmpty();
        var old = world.fill("a", 1);
        assertThat(lookups).containsExactly("a");
        moves("a", "192.0.2.9");
        pass(INTERVAL.dividedBy(2));
        assertThat(old).noneMatch(FakeConnection::isOpen);
    }

    @Test
    void aFailedLookupIsNoChangeAndIsLoggedOncePerStreak() {
        moves("a", "192.0.2.1");
        open();
        var old = world.fill("a", 1);
        try (var log = CapturedLog.of("watched", Level.INFO)) {
            hosts.clear();
            passRounds(4);
            assertThat(old).allMatch(FakeConnection::isOpen);
            assertThat(log.take()).singleElement().asString().contains("WARN", "of a could not", "30 s", "UnknownHost");

            moves("a", "192.0.2.1");
            pass(INTERVAL);
            assertThat(old).allMatch(FakeConnection::isOpen);
            hosts.clear();
            passRounds(2);
            assertThat(log.take()).singleElement().asString().startsWith("WARN");

            moves("a", "192.0.2.9");
            pass(INTERVAL);
            assertThat(old).noneMatch(FakeConnection::isOpen);
            assertThat(log.take())
                    .singleElement()
                    .asString()
                    .contains("INFO", "from [192.0.2.1] to [192.0.2.9]", "evicted");
        }
    }

    @Test
    void anEndpointThatFindsNoAddressesIsNotWatched() {
        hosts.put("a", List.of());
        open();
        var old = world.fill("a", 1);
        pass(INTERVAL.multipliedBy(3));
        assertThat(old).allMatch(FakeConnection::isOpen);
    }

    @Test
    void onlyEndpointsThatThePoolHoldsAreLookedUp() {
        moves("a", "192.0.2.1");
        open();
        world.fill("a", 1);
        pass(INTERVAL);
        assertThat(lookups).hasSize(2);
        world.pool.evict("a");
        world.settle();
        assertThat(world.pool.endpoints()).isEmpty();
        pass(INTERVAL.multipliedBy(3));
        assertThat(lookups).hasSize(2);
    }

    @Test
    void aLookupThatHangsIsNotBegunAgain() {
        moves("a", "192.0.2.1");
        open();
        var old = world.fill("a", 1);
        int before = lookups.size();
        world.holdConnects(true);
        moves("a", "192.0.2.9");
        pass(INTERVAL.multipliedBy(5));
        assertThat(lookups).hasSize(before);
        world.holdConnects(false);
        assertThat(lookups).hasSize(before + 1);
        assertThat(old).noneMatch(FakeConnection::isOpen);
    }

    @Test
    void aRefusedLookupIsMadeUpForInTheNextRound() {
        moves("a", "192.0.2.1");
        open();
        var old = world.fill("a", 1);
        moves("a", "192.0.2.9");
        world.connects.rejectAll(true);
        pass(INTERVAL);
        assertThat(old).allMatch(FakeConnection::isOpen);
        world.connects.rejectAll(false);
        pass(INTERVAL);
        assertThat(old).noneMatch(FakeConnection::isOpen);
    }

    @Test
    void theWatchEndsWithThePool() {
        moves("a", "192.0.2.1");
        open();
        world.fill("a", 1);
        int before = lookups.size();
        world.pool.close();
        world.settle();
        pass(INTERVAL.multipliedBy(3));
        assertThat(lookups).hasSize(before);
        assertThat(world.clock.pendingTimers()).isZero();
    }

    @Test
    void manyEndpointsAreAllLookedUp() {
        for (int i = 0; i < 50; i++) {
            moves("host" + i, "192.0.2." + i);
        }
        open();
        for (int i = 0; i < 50; i++) {
            world.fill("host" + i, 1);
        }
        lookups.clear();
        moves("host49", "198.51.100.1");
        pass(INTERVAL);
        assertThat(lookups).hasSize(50).doesNotHaveDuplicates();
        assertThat(world.pool.stats().disposed(DisposeReason.EVICTED)).isOne();
    }

    @Test
    void aLookupOfMoreThanFourHostsAtOnceWaits() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var goOn = new CountDownLatch(1);
        var done = new CountDownLatch(10);
        open();
        var manager = ScriptedManager.<String>full();
        manager.resolver(host -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            try {
                assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                inside.decrementAndGet();
                done.countDown();
            }
            return List.of(address("192.0.2.1"));
        });
        var threads = Executors.newCachedThreadPool();
        try (var pool = ConnectionPools.builder(manager)
                .addressWatch(INTERVAL)
                .connectExecutor(threads)
                .build()) {
            for (int i = 0; i < 10; i++) {
                pool.warmUp("host" + i, 1).get(20, TimeUnit.SECONDS);
            }
            Awaitility.await().until(() -> inside.get() == 4);
            goOn.countDown();
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(most).hasValue(4);
        } finally {
            threads.shutdown();
        }
    }

    /** Name servers that do not answer, with code that ignores interrupts, as that of the system does. */
    private static final class Hanging implements HostResolver {
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger interrupts = new AtomicInteger();
        final Set<String> answered = ConcurrentHashMap.newKeySet();
        final CountDownLatch answers = new CountDownLatch(1);

        @Override
        public List<InetAddress> resolve(String host) {
            if (host.startsWith("stuck")) {
                inside.incrementAndGet();
                while (answers.getCount() > 0) {
                    try {
                        answers.await();
                    } catch (InterruptedException e) {
                        interrupts.incrementAndGet();
                    }
                }
                inside.decrementAndGet();
            }
            answered.add(host);
            return List.of(address("192.0.2.1"));
        }
    }

    private interface Hung {
        void run(ConnectionPool<String, FakeConnection<String>> pool, Hanging names, FakePoolClock clock)
                throws Exception;
    }

    /** A pool that has begun to look up some hosts without an answer. */
    private void whileLookupsHang(int hosts, Hung test) throws Exception {
        open();
        var names = new Hanging();
        var manager = ScriptedManager.<String>full();
        manager.resolver(names::resolve);
        var threads = Executors.newCachedThreadPool();
        var clock = new FakePoolClock();
        try (var pool = ConnectionPools.builder(manager)
                .name("hung")
                .addressWatch(INTERVAL)
                .connectTimeout(LIMIT)
                .idleTimeout(PoolConfig.NO_LIMIT)
                .connectExecutor(threads)
                .clock(clock)
                .build()) {
            for (int i = 0; i < hosts; i++) {
                pool.warmUp("stuck" + i, 1).get(20, TimeUnit.SECONDS);
            }
            Awaitility.await().until(() -> names.inside.get() == Math.min(hosts, 4));
            test.run(pool, names, clock);
        } finally {
            names.answers.countDown();
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLookupThatHangsIsInterruptedAndThenLeavesItsPlaceToOthers() throws Exception {
        whileLookupsHang(4, (pool, names, clock) -> {
            pool.warmUp("good", 1).get(20, TimeUnit.SECONDS);
            try (var log = CapturedLog.of("hung", Level.WARN)) {
                clock.advance(LIMIT);
                Awaitility.await().until(() -> names.interrupts.get() == 4);
                assertThat(names.answered).isEmpty();
                clock.advance(LIMIT);
                Awaitility.await().until(() -> names.answered.contains("good"));
                assertThat(log.take()).anySatisfy(line -> assertThat(line)
                        .contains("of stuck", "could not be looked up", "longer than its timeout of 7 s"));
            }
            clock.advance(INTERVAL.multipliedBy(2));
            assertThat(names.inside).as("none is begun twice").hasValue(4);
            names.answers.countDown();
            Awaitility.await().until(() -> names.inside.get() == 0);
            names.answered.clear();
            Awaitility.await().until(() -> {
                clock.advance(INTERVAL);
                return names.answered.containsAll(Set.of("stuck0", "stuck1", "stuck2", "stuck3", "good"));
            });
        });
    }

    @Test
    void lookupsThatHangHoldAFewThreadsOnly() throws Exception {
        whileLookupsHang(30, (pool, names, clock) -> {
            for (int i = 8; i <= 16; i += 4) {
                int expected = i;
                Awaitility.await().until(() -> {
                    clock.advance(LIMIT);
                    return names.inside.get() == expected;
                });
            }
            for (int i = 0; i < 10; i++) {
                clock.advance(LIMIT);
            }
            assertThat(names.inside).hasValue(16);
        });
    }

    @Test
    void aCloseInterruptsLookupsAndWaitsForNone() throws Exception {
        whileLookupsHang(2, (pool, names, clock) -> {
            assertThat(pool.close(Duration.ofMinutes(1)).isClean()).isTrue();
            Awaitility.await().until(() -> names.interrupts.get() == 2);
            assertThat(names.inside).hasValue(2);
        });
    }

    @Test
    void manyFailedLookupsAreOneLine() {
        for (int i = 0; i < 50; i++) {
            moves("host" + i, "192.0.2." + i);
        }
        open();
        for (int i = 0; i < 50; i++) {
            world.fill("host" + i, 1);
        }
        hosts.clear();
        try (var log = CapturedLog.of("watched", Level.WARN)) {
            pass(INTERVAL);
            assertThat(log.take()).hasSize(1);
        }
    }

    @Test
    void theIntervalIsCheckedAndShown() {
        open();
        assertThat(world.pool.config().addressWatch()).isEqualTo(INTERVAL);
        assertThat(world.pool.config().toString()).contains("addressWatch=30 s");
        var builder = ConnectionPools.builder(ScriptedManager.<String>full());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addressWatch(Duration.ofMillis(999)))
                .withMessage("addressWatch must be at least 1 s, but is 999 ms");
    }

    @Test
    void aManagerWithoutAddressesIsRefused() {
        open();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionPools.builder(ScriptedManager.<String>plain())
                        .addressWatch(INTERVAL)
                        .build())
                .withMessageContaining("addressWatch needs a manager that overrides addresses")
                .withMessageContaining("ScriptedManager");
    }
}
