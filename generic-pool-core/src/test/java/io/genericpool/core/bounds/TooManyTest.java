package io.genericpool.core.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An endpoint that says it has too many connections gets fewer for a while. Shows I22. */
class TooManyTest {
    private static final String A = "a";

    private final IOException tooMany = new IOException("too many connections");
    private final PoolWorld world = new PoolWorld();
    /** What the server lets in. */
    private int room = Integer.MAX_VALUE;

    private PoolWorld open() {
        return open(knobs -> {});
    }

    private PoolWorld open(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> more) {
        world.manager.tooManyIf(failure -> failure == tooMany);
        world.manager.script(Operation.CREATE, A).always(Behaviour.perform(() -> {
            if (world.server.open(A) > room) { // the one that is being made is counted
                throw tooMany;
            }
        }));
        return world.open(
                knobs -> more.accept(knobs.alivenessBypass(PoolConfig.NO_LIMIT).idleTimeout(Duration.ofHours(1))));
    }

    private List<CompletableFuture<Lease<String, FakeConnection<String>>>> ask(int times, Duration timeout) {
        var requests = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
        for (int i = 0; i < times; i++) {
            requests.add(world.ask(A, timeout));
        }
        return requests;
    }

    @Test
    void theLimitFallsToWhatTheEndpointHasAndWhoWaitsIsServedByThat() {
        room = 3;
        open();
        var requests = ask(8, Duration.ofSeconds(4));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(3);
        assertThat(world.stats(A).limits().maxSize()).isEqualTo(10);
        assertThat(world.stats(A).toString()).contains("maxSize lowered to 3");
        assertThat(world.stats(A).connectFailures()).isOne();
        assertThat(world.stats(A).waiters()).isEqualTo(5);

        for (int i = 0; i < 8; i++) {
            world.release(requests.get(i).join());
        }

        assertThat(world.server.createsStarted(A)).as("no further attempt").isEqualTo(4);
        assertThat(world.stats(A).failed()).isZero();
        world.verify(10, 100);
    }

    @Test
    void itRisesAgainStepByStepAndNeverAboveMaxSize() {
        room = 2;
        open(knobs -> knobs.maxSize(5));
        var requests = ask(3, Duration.ofHours(1));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(2);
        room = 100;
        for (int expected : new int[] {2, 3, 4, 5, 5}) {
            assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(expected);
            world.advance(Duration.ofSeconds(5));
        }
        assertThat(requests).allMatch(CompletableFuture::isDone);
        requests.forEach(request -> world.release(request.join()));
        world.verify(5, 100);
    }

    @Test
    void whoWaitsIsServedWhenTheLimitRisesThoughNothingElseHappens() {
        room = 1;
        open(knobs -> knobs.backgroundCollector(false));
        var requests = ask(2, Duration.ofHours(1));
        assertThat(requests.get(1)).isNotDone();
        room = 2;
        world.advance(Duration.ofMillis(4_999));
        assertThat(requests.get(1)).isNotDone();
        world.advance(Duration.ofMillis(1));
        assertThat(requests.get(1)).isDone();
        requests.forEach(request -> world.release(request.join()));
        world.verify(10, 100);
    }

    @Test
    void whenItIsStillTooManyTheLimitFallsAgainAtTheCostOfOneAttemptAStep() {
        room = 2;
        open();
        var requests = ask(5, Duration.ofHours(1));
        world.advance(Duration.ofSeconds(60));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(2);
        assertThat(world.server.createsStarted(A)).isBetween(12L, 15L);
        assertThat(world.stats(A).failed()).isZero();
        requests.forEach(request -> world.release(request.join()));
        world.verify(10, 100);
    }

    @Test
    void aLargeLimitRisesByTenths() {
        room = 10;
        open(knobs -> knobs.maxSize(100).maxConnectsPerEndpoint(1));
        var requests = ask(11, Duration.ofHours(1));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(10);
        world.advance(Duration.ofSeconds(5));
        assertThat(world.stats(A).effectiveMaxSize()).as("it let nobody in").isEqualTo(10);
        room = 100;
        world.advance(Duration.ofSeconds(5));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(20);
        requests.forEach(request -> world.release(request.join()));
        world.verify(100, 100);
    }

    @Test
    void anEndpointThatLetsNobodyInFailsOneWaiterAnAttempt() {
        room = 0;
        open();
        var requests = ask(2, Duration.ofSeconds(2));
        assertThat(requests).allSatisfy(request -> assertThat(request)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ConnectionCreateException.class));
        world.verify(10, 100);
    }

    @Test
    void whoWantsANewConnectionFailsOrTakesTheRoomOfAnIdleOne() {
        room = 2;
        open();
        var held = world.leases(A, 2);
        var fresh = world.pool.newConnectionAsync(A, Duration.ofSeconds(2));
        world.settle();
        assertThat(fresh).isCompletedExceptionally();
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(2);
        world.release(held.get(0));

        var other = world.pool.newConnectionAsync(A, Duration.ofSeconds(2));
        world.settle();

        assertThat(other).isDone().isNotCompletedExceptionally();
        world.release(other.join());
        world.release(held.get(1));
        world.verify(10, 100);
    }

    @Test
    void aTimeoutSaysThatTheLimitWasLowered() {
        room = 1;
        open();
        var requests = ask(2, Duration.ofSeconds(2));
        world.advance(Duration.ofSeconds(2));
        assertThat(requests.get(1))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(AcquireTimeoutException.class)
                .withMessageContaining("the endpoint reported too many connections, so its limit is 1 for now");
        world.release(requests.get(0).join());
        world.verify(10, 100);
    }

    @Test
    void aConnectionThatDiesOfTooManyLowersTheLimitToo() {
        open();
        var held = world.leases(A, 3);
        held.get(0).connection().breakFromServer(tooMany);
        held.get(0).release();
        world.settle();
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(2);
        world.release(held.get(1));
        world.release(held.get(2));
        world.verify(10, 100);
    }

    @Test
    void moreConnectionsThanTheLimitSaysRaiseIt() {
        // Four connects begin; the third is refused, the fourth is let in.
        open();
        world.manager
                .script(Operation.CREATE, A)
                .reset()
                .next(Behaviour.succeed(), Behaviour.succeed(), Behaviour.fail(tooMany), Behaviour.succeed());
        world.holdConnects(true);
        var requests = ask(4, Duration.ofSeconds(4));
        world.holdConnects(false);
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(3);
        requests.stream().filter(CompletableFuture::isDone).forEach(request -> world.release(request.join()));
        requests.forEach(request -> world.release(request.join()));
        world.verify(10, 100);
    }

    @Test
    void aResizeBelowTheLoweredLimitHolds() {
        room = 4;
        open();
        var requests = ask(5, Duration.ofHours(1));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(4);
        world.pool.resize(A, EndpointLimits.of(0, 2));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(2);
        world.advance(Duration.ofMinutes(5));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(2);
        requests.forEach(request -> world.release(request.join()));
        world.verify(10, 100);
    }

    @Test
    void theKnobSwitchesItOff() {
        room = 2;
        open(knobs -> knobs.tooManyRecovery(PoolConfig.NO_LIMIT));
        var requests = ask(3, Duration.ofSeconds(2));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(10);
        assertThat(requests.get(2)).isCompletedExceptionally();
        assertThat(world.pool.config().tooManyRecovery()).isEqualTo(PoolConfig.NO_LIMIT);
        requests.subList(0, 2).forEach(request -> world.release(request.join()));
        world.verify(10, 100);
    }

    @Test
    void aManagerThatThrowsWhenAskedIsCountedAndTakenForNo() {
        room = 1;
        open();
        world.manager.tooManyIf(failure -> {
            throw new IllegalStateException("isTooMany");
        });
        var requests = ask(2, Duration.ofSeconds(2));
        assertThat(world.stats(A).effectiveMaxSize()).isEqualTo(10);
        assertThat(requests.get(1)).isCompletedExceptionally();
        assertThat(world.pool.stats().hookFailures()).isOne();
        world.release(requests.get(0).join());
        world.verify(10, 100);
    }

    @Test
    void withTheDefaultGovernorWhoWaitsForALiveConnectionIsNotRefusedHoweverOftenTheLimitIsTried() {
        room = 2;
        open(knobs -> knobs.connectGovernor(CircuitGovernor.builder().build()));
        var requests = ask(5, Duration.ofHours(1));
        world.advance(Duration.ofMinutes(3));
        assertThat(world.stats(A).circuit().failures()).isGreaterThan(5);
        requests.forEach(request -> world.release(request.join()));
        assertThat(world.stats(A).rejected()).isZero();
        world.verify(10, 100);
    }

    @Test
    void aCloseWhileTheLimitIsLoweredLeavesNoTimer() {
        room = 1;
        open(knobs -> knobs.backgroundCollector(false).connectGovernor(ConnectGovernor.unlimited()));
        var requests = ask(2, Duration.ofHours(1));
        world.pool.close(Duration.ZERO);
        world.settle();
        assertThat(requests.get(1)).isCompletedExceptionally();
        assertThat(world.clock.pendingTimers()).isZero();
    }
}
