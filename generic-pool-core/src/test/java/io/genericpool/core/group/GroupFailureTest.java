package io.genericpool.core.group;

import static io.genericpool.core.group.GroupWorld.failureOf;
import static io.genericpool.core.group.GroupWorld.servedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.SuspendMode;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.group.Routing;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a request of a group when members cannot serve it, and how it ends without a lease. Shows I55. */
@Timeout(60)
class GroupFailureTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final IOException refused = new IOException("connection refused");

    private void goDown(GroupWorld g, String... members) {
        for (String member : members) {
            g.world.manager.script(Operation.CREATE, member).always(Behaviour.fail(refused));
        }
    }

    private static GroupWorld governed() {
        return governed(Routing.inOrder());
    }

    private static GroupWorld governed(Routing<String> routing) {
        return new GroupWorld(routing, knobs -> knobs.maxSize(2)
                .connectGovernor(CircuitGovernor.builder()
                        .backoffJitter(0)
                        .failFastAfter(1)
                        .build()));
    }

    @Test
    void aFailedAttemptIsFollowedByOneAtTheNextMember() {
        var g = GroupWorld.of(2, Routing.inOrder());
        goDown(g, "a", "b");

        var request = g.ask();

        assertThat(servedBy(request)).isEqualTo("c");
        assertThat(g.world.server.createsStarted()).isEqualTo(3);
        assertThat(g.world.pool.stats().failed()).isZero();
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void itFailsWhenNoMemberIsLeftWithACauseOfEach() {
        var g = GroupWorld.of(2, Routing.inOrder());
        goDown(g, "a", "b", "c");

        Throwable failure = failureOf(g.ask());

        assertThat(failure)
                .isInstanceOf(ConnectionCreateException.class)
                .hasMessageContainingAll("group g", "a", "b", "c");
        assertThat(failure.getCause())
                .isInstanceOf(ConnectionCreateException.class)
                .hasRootCause(refused);
        assertThat(failure.getSuppressed()).hasSize(2).allSatisfy(other -> assertThat(other)
                .isInstanceOf(ConnectionCreateException.class)
                .hasRootCause(refused));
        assertThat(((ConnectionCreateException) failure).endpointLabel()).isEqualTo("g");
        assertThat(g.world.pool.stats().failed()).isOne();
        assertThat(g.world.pool.stats().acquires()).isOne();
        g.verify(2, 100);
    }

    @Test
    void theStatisticsCountItAsWhatItsErrorSays() {
        var g = governed(Routing.<String>inOrder().tier(member -> member.equals("a") ? 0 : 1));
        goDown(g, "a", "b", "c");
        List.of("b", "c").forEach(m -> assertThat(g.world.ask(m)).isCompletedExceptionally());

        Throwable failure = failureOf(g.ask()); // a fails, and then the others are found paused

        assertThat(failure).isInstanceOf(ConnectionCreateException.class);
        assertThat(g.world.pool.stats().failed()).isEqualTo(3);
        assertThat(g.world.pool.stats().rejected()).isZero();
        g.verify(2, 100);
    }

    /** Shows I56. */
    @Test
    void aMemberWhosePauseEndsIsConnectedToOnceAnotherHasBeenSlow() {
        var g = governed(Routing.<String>inOrder().spillAfter(Duration.ofMillis(50)));
        goDown(g, "b", "c");
        List.of("b", "c").forEach(m -> assertThat(g.world.ask(m)).isCompletedExceptionally());
        g.world.manager.script(Operation.CREATE, "b").reset();
        g.world.holdConnects(true);
        var request = g.ask();
        assertThat(g.world.stats("a").connecting()).isOne();
        g.world.advance(Duration.ofMillis(60));
        assertThat(g.world.connects.pending()).as("the others are paused").isOne();

        g.world.advance(SECOND);

        assertThat(g.world.stats("b").connecting()).isOne();
        g.connect(1);
        assertThat(servedBy(request)).isEqualTo("b");
        g.world.holdConnects(false);
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void itFailsFastWithTheEarliestTimeWhenAllArePaused() {
        var g = governed();
        goDown(g, "a", "b", "c");
        assertThat(g.ask()).isCompletedExceptionally();
        g.world.advance(Duration.ofMillis(10));
        long attempts = g.world.server.createsStarted();
        assertThat(attempts).isEqualTo(3);

        Throwable failure = failureOf(g.ask());

        assertThat(failure)
                .asInstanceOf(type(EndpointUnavailableException.class))
                .satisfies(e -> {
                    assertThat(e.retryAfter()).hasValue(Duration.ofMillis(90));
                    assertThat(e).hasMessageContainingAll("a", "b", "c", "90 ms");
                });
        assertThat(g.world.server.createsStarted()).isEqualTo(attempts);
        g.verify(2, 100);
    }

    @Test
    void oneProbeServesAllMembers() {
        var g = governed();
        goDown(g, "a", "b", "c");
        assertThat(g.ask()).isCompletedExceptionally();
        for (String member : GroupWorld.MEMBERS) {
            g.world.manager.script(Operation.CREATE, member).reset();
        }
        g.world.advance(SECOND);
        g.world.holdConnects(true);

        var request = g.ask();

        assertThat(g.world.connects.pending())
                .as("one probe, at the first member")
                .isOne();
        g.world.holdConnects(false);
        assertThat(servedBy(request)).isEqualTo("a");
        assertThat(g.world.server.createsStarted("b")).isOne();
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void aMemberWhosePauseHasEndedMeanwhileIsLeft() {
        var g = governed();
        goDown(g, "a");
        g.ask().join().invalidate(); // b has served it
        g.world.settle();
        g.world.manager.script(Operation.CREATE, "a").reset();
        goDown(g, "b");
        g.group.members(List.of("a", "b"));
        g.world.holdConnects(true);
        var request = g.ask();
        assertThat(g.world.connects.pending()).as("b is opened").isOne();
        g.world.advance(SECOND);

        g.world.holdConnects(false); // b fails, as the last of all

        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void aMemberThatIsPausedOnceMoreIsNotLeft() {
        var g = governed();
        goDown(g, "a", "b", "c");
        assertThat(g.ask()).isCompletedExceptionally();
        g.world.advance(SECOND);
        g.world.holdConnects(true);
        var request = g.ask(Duration.ofSeconds(30));
        g.world.advance(SECOND);

        g.world.holdConnects(false);

        assertThat(failureOf(request)).hasMessageContainingAll("a", "b", "c");
        assertThat(g.world.server.createsStarted()).isEqualTo(6);
        g.verify(2, 100);
    }

    @Test
    void aConnectThatOthersLeaveToItIsWaitedForBeforeItFails() {
        var g = GroupWorld.of(2, Routing.inOrder().spillAfter(Duration.ofMillis(50)));
        goDown(g, "a", "b", "c");
        g.world.holdConnects(true);
        var request = g.ask();
        g.connect(0); // a fails
        g.connect(0); // b fails
        assertThat(g.world.connects.pending()).as("c is opened").isOne();
        g.world.advance(Duration.ofMillis(60)); // its turn is free
        g.world.manager.script(Operation.CREATE, "a").reset();
        var plain = g.world.ask("a");
        plain.cancel(true);
        g.world.settle();
        assertThat(g.world.connects.pending())
                .as("the connect of the plain one goes on")
                .isEqualTo(2);

        g.connect(0); // c fails

        assertThat(request).isNotDone();
        g.connect(0);
        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void itFailsWithTheConnectThatOthersHaveLeftToIt() {
        var g = GroupWorld.of(2, Routing.inOrder().spillAfter(Duration.ofMillis(50)));
        goDown(g, "a", "b", "c");
        g.world.holdConnects(true);
        var request = g.ask();
        g.connect(0);
        g.connect(0);
        g.world.advance(Duration.ofMillis(60));
        var plain = g.world.ask("a");
        plain.cancel(true);
        g.world.settle();
        g.connect(0); // c fails

        g.connect(0); // and that of the plain one

        assertThat(failureOf(request)).isInstanceOf(ConnectionCreateException.class);
        assertThat(g.world.server.createsStarted()).isEqualTo(4);
        g.verify(2, 100);
    }

    @Test
    void aPausedMemberIsPassedOver() {
        var g = governed();
        goDown(g, "a");
        g.world.release(g.ask().join());
        var held = g.world.lease("b");

        var request = g.ask();

        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(g.world.server.createsStarted("a")).isOne();
        List.of(held, request.join()).forEach(g.world::release);
        g.verify(2, 100);
    }

    @Test
    void aTimeoutNamesEachMemberAndWhy() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));

        assertThatThrownBy(() -> g.group.connection(SECOND))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContainingAll("group g within 1 s", "a: ", "b: ", "c: ", "maxSize");

        g.assertNobodyWaits();
        assertThat(g.world.pool.stats().timedOut()).isOne();
        held.forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void aTimeoutOfZeroTakesWhatIsIdleOrFailsAtOnce() {
        var g = GroupWorld.of(1, Routing.inOrder());
        assertThatThrownBy(() -> g.group.connection(Duration.ZERO)).isInstanceOf(AcquireTimeoutException.class);
        assertThat(g.group.tryConnection()).isEmpty();
        assertThat(g.world.server.createsStarted()).isZero();
        g.world.fill("c", 1);
        var lease = g.group.connection(Duration.ZERO);
        assertThat(lease.endpoint()).isEqualTo("c");
        g.world.release(lease);
        var tried = g.group.tryConnection().orElseThrow();
        assertThat(tried.endpoint()).isEqualTo("c");
        g.world.release(tried);
        g.verify(1, 100);
    }

    @Test
    void aFutureThatIsCancelledLeavesAllQueues() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = g.ask();

        request.cancel(true);

        g.assertNobodyWaits();
        held.forEach(g.world::release);
        assertThat(g.world.pool.stats().idle()).isEqualTo(3);
        assertThat(g.world.pool.stats().cancelled()).isOne();
        g.verify(1, 100);
    }

    /** Shows I10: else the plain one would want a permit, and a connection of another endpoint would go for it. */
    @Test
    void theCheckForARequestThatLeavesIsForTheNextOfThatMember() {
        var g = new GroupWorld(
                Routing.inOrder(), knobs -> knobs.maxSize(2).totalMaxSize(2).alivenessBypass(Duration.ZERO));
        g.world.fill("a", 1);
        var x = g.world.lease("x");
        g.world.advance(Duration.ofMillis(10));
        g.world.holdConnects(true);
        var request = g.ask();
        assertThat(g.world.stats("a").checking()).isOne();
        var plain = g.world.ask("a");

        request.cancel(true);
        g.world.settle();
        g.world.release(x);

        assertThat(g.world.stats("x").idle()).isOne();
        g.world.holdConnects(false);
        assertThat(plain).isCompleted();
        g.world.release(plain.join());
        assertThat(g.world.server.createsStarted()).isEqualTo(2);
        g.verify(2, 2);
    }

    @Test
    void aLeaseThatWasGrantedToACancelledFutureComesBack() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = g.ask();
        g.world.holdCompletions(true);
        g.world.release(held.get(1));
        request.cancel(true);

        g.world.holdCompletions(false);

        assertThat(g.world.stats("b").idle()).isOne();
        held.forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void anInterruptLeavesAllQueues() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> g.group.connection(SECOND))
                .isInstanceOf(AcquireInterruptedException.class)
                .hasMessageContaining("group g");

        assertThat(Thread.interrupted()).isTrue();
        g.assertNobodyWaits();
        held.forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void aCloseFailsThoseThatWaitOnce() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = g.ask();
        held.forEach(lease -> g.world.clock.schedule(lease::release, 1_000_000));

        g.world.pool.close(SECOND);
        g.world.settle();

        assertThat(failureOf(request)).isInstanceOf(PoolClosedException.class).hasMessageContaining("group g");
        assertThatThrownBy(g.group::connection).isInstanceOf(PoolClosedException.class);
        assertThat(g.group.connectionAsync()).isCompletedExceptionally();
        assertThatThrownBy(g.group::tryConnection).isInstanceOf(PoolClosedException.class);
        g.verify(1, 100);
    }

    @Test
    void aPoolAtRestKeepsItWaitingOrFailsIt() {
        var g = GroupWorld.of(1, Routing.inOrder());
        assertThat(g.world.pool.quiesce(SECOND).isQuiet()).isTrue();
        var request = g.ask();
        assertThat(request).isNotDone();
        assertThat(g.world.server.createsStarted()).isZero();
        g.world.pool.quiesce(SuspendMode.FAIL, Duration.ZERO);
        g.world.settle();
        assertThat(failureOf(request)).isInstanceOf(EndpointUnavailableException.class);
        g.world.pool.quiesce(SuspendMode.WAIT, Duration.ZERO);
        var patient = g.ask();
        g.world.pool.endQuiesce();
        g.world.settle();
        assertThat(patient).isCompleted();
        assertThat(g.world.server.createsStarted()).isOne();
        g.world.release(patient.join());
        g.verify(1, 100);
    }

    @Test
    void aSuspendedMemberLeavesTheTurnToAnother() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(2).totalMaxSize(2));
        var x = g.world.leases("x", 2);
        var request = g.ask(); // a wants a permit for it
        assertThat(request).isNotDone();
        g.world.pool.suspend("a", SuspendMode.WAIT);
        g.world.settle();

        g.world.release(x.get(0));

        assertThat(servedBy(request)).isEqualTo("b");
        List.of(x.get(1), request.join()).forEach(g.world::release);
        g.verify(2, 2);
    }

    @Test
    void evictingAMemberStartsItsAttemptAnewOnce() {
        var g = GroupWorld.of(2, Routing.inOrder());
        g.world.holdConnects(true);
        var request = g.ask();
        g.world.pool.evict("a");
        g.world.holdConnects(false);
        assertThat(request).isCompleted();
        assertThat(g.world.server.createsStarted()).isEqualTo(2);
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void aPoolThatMayHoldNoMoreEndpointsSaysSo() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(1).maxEndpoints(1));
        var x = g.world.lease("x");
        assertThat(failureOf(g.ask()))
                .isInstanceOf(PoolExhaustedException.class)
                .hasMessageContaining("maxEndpoints");
        assertThatThrownBy(g.group::connection).isInstanceOf(PoolExhaustedException.class);
        g.world.release(x);
        g.verify(1, 100);
    }

    @Test
    void fullQueuesAtAllMembersSaySo() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(1).maxWaiters(0));
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        assertThatThrownBy(g.group::connection)
                .isInstanceOf(PoolExhaustedException.class)
                .hasMessageContaining("maxWaiters");
        held.forEach(Lease::release);
        g.world.settle();
        g.verify(1, 100);
    }

    @Test
    void useReleasesAndWorksAsynchronouslyToo() {
        var g = GroupWorld.of(1, Routing.inOrder());
        assertThat(g.group.<Boolean, RuntimeException>use(connection -> connection.isOpen()))
                .isTrue();
        var result = g.group.useAsync(connection -> java.util.concurrent.CompletableFuture.completedFuture(7));
        g.world.settle();
        assertThat(result).isCompletedWithValue(7);
        assertThat(g.world.pool.stats().leased()).isZero();
        assertThat(g.group.stats().leases()).containsEntry("a", 2L);
        g.verify(1, 100);
    }
}
