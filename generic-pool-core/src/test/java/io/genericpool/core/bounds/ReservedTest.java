package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reserved for an endpoint stays when others run short of the total limit. Shows I27. */
class ReservedTest {
    private static final Duration WINDOW = Duration.ofMillis(50);

    /** "a" reserves some of its four connections; the others reserve nothing. */
    private static PoolWorld world(int reserved, Consumer<ConnectionPoolBuilder<String, ?>> more) {
        return PoolWorld.with(knobs -> {
            knobs.maxSize(4)
                    .totalMaxSize(4)
                    .overtakeWindow(WINDOW)
                    .endpointLimits(endpoint -> "a".equals(endpoint)
                            ? EndpointLimits.of(0, 4).withReserved(reserved)
                            : EndpointLimits.of(0, 4));
            more.accept(knobs);
        });
    }

    private static PoolWorld world(int reserved) {
        return world(reserved, knobs -> {});
    }

    private static long victims(PoolWorld world, String endpoint) {
        return world.stats(endpoint).disposed(DisposeReason.PRESSURE);
    }

    private static void assertWaits(CompletableFuture<?> future) {
        assertThat(future).isNotDone();
    }

    // ---- idle connections

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void othersTakeIdleConnectionsDownToWhatIsReserved(int reserved) {
        var world = world(reserved);
        world.fill("a", 4);

        for (int i = 0; i < 4; i++) {
            var asked = world.ask("b");
            assertThat(asked.isDone()).isEqualTo(i < 4 - reserved);
        }

        assertThat(world.pool.stats().idle()).isEqualTo(reserved);
        assertThat(world.pool.stats().disposed(DisposeReason.PRESSURE)).isEqualTo(4 - reserved);
    }

    @Test
    void theLongestIdleThatIsNotReservedGoes() {
        var world = world(2);
        world.fill("a", 2);
        world.advance(Duration.ofMillis(5));
        world.fill("c", 2);

        assertThat(world.ask("b")).isCompleted();

        assertThat(world.stats("a").idle()).isEqualTo(2);
        assertThat(world.stats("c").idle()).isOne();
    }

    @Test
    void aRoundOfTheCollectorSparesThemToo() {
        var world = world(4, knobs -> knobs.idleTimeout(Duration.ofSeconds(60)));
        world.fill("a", 4);
        var asked = world.ask("b");

        world.advance(Duration.ofSeconds(25));

        assertWaits(asked);
        assertThat(world.stats("a").idle()).isEqualTo(4);
    }

    @Test
    void connectsInFlightDoNotCountAsConnectionsThatAreThere() {
        var world = world(1);
        world.fill("a", 1);
        var leased = world.lease("a");
        world.holdConnects(true);
        var more = world.ask("a");
        world.leases("b", 0);
        leased.release();
        world.settle();
        assertThat(more).isCompleted(); // by the one that came back; the connect is for nobody now
        more.join().release();

        var others = new CompletableFuture<?>[3];
        for (int i = 0; i < 3; i++) {
            others[i] = world.ask("b");
        }

        assertThat(world.stats("a").idle()).isOne();
        assertThat(victims(world, "a")).isZero();
        world.holdConnects(false);
        world.settle();
        assertThat(others).allMatch(CompletableFuture::isDone);
        assertThat(world.stats("a").idle()).isOne();
    }

    // ---- releases

    @Test
    void aReleasedConnectionDoesNotGiveWayWhileItIsReserved() {
        var world = world(2);
        var leases = world.leases("a", 4);
        var asked = world.ask("b");
        var another = world.ask("b");
        var third = world.ask("b");
        world.advance(WINDOW);

        leases.forEach(world::release);

        assertThat(asked).isCompleted();
        assertThat(another).isCompleted();
        assertWaits(third);
        assertThat(world.stats("a").idle()).isEqualTo(2);
        assertThat(victims(world, "a")).isEqualTo(2);
    }

    @Test
    void aReservedConnectionServesItsOwnEndpointPastEveryWindow() {
        var world = world(4);
        var held = world.leases("a", 4);
        var asked = world.ask("b", Duration.ofSeconds(30));
        var first = held.get(0);
        for (int i = 0; i < 100; i++) {
            var next = world.ask("a");
            world.advance(Duration.ofMillis(5));
            world.release(first);
            assertThat(next).isCompleted();
            first = next.join();
        }
        assertWaits(asked);
        assertThat(world.manager.calls(Operation.CREATE)).isEqualTo(4);
    }

    @Test
    void aFirstInLineThatItsReservedConnectionServesGoesBehindTheOthers() {
        var world = world(1);
        var reserved = world.lease("a");
        var others = world.leases("b", 3);
        var own = world.ask("a"); // starves first
        var ownToo = world.ask("a");
        var asked = world.ask("c");
        world.release(reserved);
        assertThat(own).isCompleted();

        world.release(others.get(0));

        assertThat(asked).isCompleted();
        assertWaits(ownToo);
    }

    // ---- the endpoint itself, and operators

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndpointItselfTradesAReservedConnectionForANewOne(boolean isIdle) {
        var world = world(1);
        var own = world.lease("a");
        var connection = own.connection();
        var others = world.leases("b", 3);
        if (isIdle) {
            world.release(own);
        }

        var wanted = world.pool.newConnectionAsync("a");
        world.settle();
        if (!isIdle) {
            world.advance(WINDOW);
            world.release(own);
        }

        assertThat(wanted).isCompleted();
        assertThat(connection.isOpen()).isFalse();
        assertThat(world.stats("a").total()).isOne();
        others.forEach(world::release);
        world.release(wanted.join());
        world.verify(4, 4);
    }

    @Test
    void theyGoWhereTheTotalIsLoweredAfterAllOthers() {
        var world = world(2);
        world.fill("a", 2);
        world.advance(Duration.ofMillis(5));
        world.fill("b", 2);

        world.pool.resizeTotal(2);
        world.settle();
        assertThat(world.stats("a").idle()).isEqualTo(2);
        assertThat(world.pool.stats().total()).isEqualTo(2);

        world.pool.resizeTotal(1);
        world.settle();
        assertThat(world.stats("a").idle()).isOne();
    }

    @Test
    void resizeReservesMoreOrLessAndServesThoseThatWait() {
        var world = world(0);
        world.fill("a", 4);
        world.pool.resize("a", EndpointLimits.of(0, 4).withReserved(4));
        var asked = world.ask("b");
        assertWaits(asked);

        world.pool.resize("a", EndpointLimits.of(0, 4).withReserved(3));
        world.settle();

        assertThat(asked).isCompleted();
        assertThat(world.stats("a").idle()).isEqualTo(3);
        assertThat(world.stats("a").limits().reserved()).isEqualTo(3);
        world.pool.resetLimits("a");
        assertThat(world.stats("a").limits().reserved()).isZero();
    }

    @Test
    void reservingOpensNothingAndKeepsNothingFromItsIdleTimeout() {
        var world = world(4, knobs -> knobs.idleTimeout(Duration.ofSeconds(5)));
        world.fill("a", 1);
        assertThat(world.stats("a").total()).isOne();

        world.advance(Duration.ofSeconds(10));

        assertThat(world.pool.stats().total()).isZero();
    }

    @Test
    void whereMoreIsReservedThanThereIsTheFirstHaveItUntilItIsIdleForTooLong() {
        var limits = EndpointLimits.of(0, 4).withReserved(4);
        var world = PoolWorld.with(knobs -> knobs.maxSize(4)
                .totalMaxSize(4)
                .idleTimeout(Duration.ofSeconds(5))
                .endpointLimits(endpoint -> limits));
        world.fill("a", 4);
        var impatient = world.ask("b", Duration.ofSeconds(1));
        var patient = world.ask("b", Duration.ofSeconds(20));

        world.advance(Duration.ofSeconds(1));
        assertThat(impatient)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(AcquireTimeoutException.class);
        assertThat(world.stats("a").idle()).isEqualTo(4);
        world.advance(Duration.ofSeconds(10));

        assertThat(patient).isCompleted();
        world.release(patient.join());
        world.verify(4, 4);
    }

    @Test
    void aReservedConnectionElsewhereIsNoRoomWhereNobodyMayWait() {
        var world = world(4, knobs -> {});
        world.pool.resize("b", EndpointLimits.of(0, 4).withMaxWaiters(0));
        world.fill("a", 4);

        assertThat(world.ask("b"))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PoolExhaustedException.class);
        assertThat(world.stats("a").idle()).isEqualTo(4);
    }

    // ---- limits

    @Test
    void limitsThatReserveMoreThanMaxSizeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointLimits.of(0, 2).withReserved(3).validated())
                .withMessage("reserved must be at most maxSize (2), but is 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EndpointLimits.of(0, 2).withReserved(-1))
                .withMessage("reserved must be at least 0, but is -1");
        var world = world(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.pool.connection("a"))
                .withMessage("reserved must be at most maxSize (4), but is 5");
    }

    @Test
    void limitsThatReserveDifferentNumbersAreDifferentAndEveryCopyKeepsThem() {
        var limits = EndpointLimits.of(0, 4).withReserved(2);

        assertThat(limits)
                .isNotEqualTo(EndpointLimits.of(0, 4))
                .hasToString("minIdle=0, maxSize=4, maxWaiters=unlimited, maxConnects=4, reserved=2");
        assertThat(limits.withMinIdle(1)
                        .withMaxSize(5)
                        .withMaxWaiters(6)
                        .withMaxConnects(7)
                        .reserved())
                .isEqualTo(2);
        assertThat(limits.withReserved(0))
                .isEqualTo(EndpointLimits.of(0, 4))
                .hasSameHashCodeAs(EndpointLimits.of(0, 4));
    }
}
