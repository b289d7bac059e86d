package io.genericpool.core.group;

import static io.genericpool.core.group.GroupWorld.failureOf;
import static io.genericpool.core.group.GroupWorld.servedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.genericpool.EndpointUnavailableException;
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

/** All members are down, and their pauses are over: who finds out whether one is up again. Shows I57. */
@Timeout(60)
class GroupProbeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final IOException DOWN = new IOException("connection refused");

    private static GroupWorld world(Routing<? super String> routing) {
        return new GroupWorld(routing, knobs -> knobs.maxSize(4)
                .connectGovernor(CircuitGovernor.builder()
                        .backoffJitter(0)
                        .failFastAfter(1)
                        .build()));
    }

    /** All members are down, and each may be probed. Connects are held. */
    private static GroupWorld afterAnOutage(Routing<? super String> routing) {
        var g = world(routing);
        goDown(g);
        assertThat(g.ask()).isCompletedExceptionally();
        g.world.advance(SECOND);
        g.world.holdConnects(true);
        return g;
    }

    private static void goDown(GroupWorld g) {
        for (String member : GroupWorld.MEMBERS) {
            g.world.manager.script(Operation.CREATE, member).always(Behaviour.fail(DOWN));
        }
    }

    private static void comeBack(GroupWorld g, String... members) {
        for (String member : members) {
            g.world.manager.script(Operation.CREATE, member).reset();
        }
    }

    @Test
    void whileMembersAreSuspendedRequestsWait() {
        var g = afterAnOutage(Routing.inOrder());
        for (String member : GroupWorld.MEMBERS) {
            g.world.pool.suspend(member, SuspendMode.WAIT);
        }
        var first = g.ask();
        var second = g.ask();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        comeBack(g, GroupWorld.MEMBERS);
        g.world.holdConnects(false);
        for (String member : GroupWorld.MEMBERS) {
            g.world.pool.resume(member);
        }
        g.world.settle();
        assertThat(servedBy(first)).isEqualTo("a");
        assertThat(servedBy(second)).isEqualTo("b");
    }

    @Test
    void oneRequestProbesAndTheOthersFailAtOnce() {
        var g = afterAnOutage(Routing.inOrder());
        comeBack(g, GroupWorld.MEMBERS);
        var first = g.ask();

        var second = g.ask();
        var third = g.ask();

        assertThat(g.world.connects.pending()).as("one probe of the group").isOne();
        for (var other : List.of(second, third)) {
            assertThat(failureOf(other))
                    .asInstanceOf(type(EndpointUnavailableException.class))
                    .satisfies(e -> {
                        assertThat(e.retryAfter())
                                .hasValueSatisfying(
                                        after -> assertThat(after).isPositive().isLessThanOrEqualTo(SECOND));
                        assertThat(e).hasMessageContainingAll("group g", "a: ", "b: ", "c: ", "connection refused");
                        assertThat(e.getSuppressed()).hasSize(2);
                    });
        }
        assertThat(g.world.pool.stats().rejected()).isEqualTo(2);
        assertThat(g.waiters("a")).as("the one that probes").isOne();
        g.world.holdConnects(false);
        assertThat(servedBy(first)).isEqualTo("a");
        g.world.release(first.join());
        g.verify(4, 100);
    }

    @Test
    void blockedThreadsFailAtOnceToo() {
        var g = afterAnOutage(Routing.inOrder());
        var first = g.ask();

        assertThatThrownBy(() -> g.group.connection(SECOND)).isInstanceOf(EndpointUnavailableException.class);

        comeBack(g, "b");
        g.world.holdConnects(false);
        assertThat(servedBy(first)).isEqualTo("b");
        g.world.release(first.join());
        g.verify(4, 100);
    }

    @Test
    void theOneThatProbesGoesOnFromMemberToMember() {
        var g = afterAnOutage(Routing.inOrder());
        comeBack(g, "c");
        var first = g.ask();
        for (int i = 0; i < 2; i++) {
            assertThat(g.world.connects.pending()).isOne();
            assertThat(g.ask()).isCompletedExceptionally();
            g.connect(0);
        }
        assertThat(first).isNotDone();
        g.connect(0);
        assertThat(servedBy(first)).isEqualTo("c");
        g.world.holdConnects(false);
        g.world.release(first.join());
        var next = g.ask();
        assertThat(servedBy(next)).isEqualTo("c");
        g.world.release(next.join());
        g.verify(4, 100);
    }

    @Test
    void theNextOneProbesWhenItHasEnded() {
        var g = afterAnOutage(Routing.inOrder());
        var first = g.ask();
        first.cancel(true);
        g.world.settle();
        comeBack(g, GroupWorld.MEMBERS);

        var second = g.ask();

        assertThat(second).isNotDone();
        assertThat(g.world.connects.pending())
                .as("the probe of the first is its own now")
                .isOne();
        g.world.holdConnects(false);
        assertThat(servedBy(second)).isEqualTo("a");
        g.world.release(second.join());
        g.verify(4, 100);
    }

    @Test
    void aProbeThatHangsHoldsTheOthersForASecondAtMost() {
        var g = afterAnOutage(Routing.inOrder());
        var first = g.ask();
        comeBack(g, GroupWorld.MEMBERS);
        g.world.advance(SECOND.minusMillis(1));
        assertThat(g.ask()).isCompletedExceptionally();
        g.world.advance(Duration.ofMillis(1));

        var second = g.ask();

        assertThat(g.world.connects.pending()).isEqualTo(2);
        g.connect(1);
        assertThat(second.isDone() ? second : first).isCompleted();
        g.world.holdConnects(false);
        List.of(first, second).forEach(request -> g.world.release(request.join()));
        g.verify(4, 100);
    }

    @Test
    void requestsOfOneMemberAloneAreNotHeld() {
        var g = afterAnOutage(Routing.inOrder());
        comeBack(g, GroupWorld.MEMBERS);
        var first = g.ask();

        var plain = g.world.ask("b");

        assertThat(g.world.connects.pending()).isEqualTo(2);
        g.world.holdConnects(false);
        List.of(first, plain).forEach(request -> g.world.release(request.join()));
        g.verify(4, 100);
    }

    @Test
    void whereAMemberHasAConnectionAllRequestsMayWait() {
        var g = world(Routing.inOrder());
        var held = g.world.lease("c");
        goDown(g);
        for (String member : GroupWorld.MEMBERS) {
            assertThat(g.world.ask(member)).isCompletedExceptionally();
        }
        g.world.advance(SECOND);
        g.world.holdConnects(true);
        var first = g.ask();
        var second = g.ask();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        comeBack(g, GroupWorld.MEMBERS);
        g.world.holdConnects(false);
        g.world.release(held);
        List.of(first, second).forEach(request -> g.world.release(request.join()));
        g.verify(4, 100);
    }

    @Test
    void withoutOpenCircuitsRequestsWait() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(4)
                .connectGovernor(CircuitGovernor.builder()
                        .backoffJitter(0)
                        .failFastAfter(100)
                        .build()));
        goDown(g);
        assertThat(g.ask()).isCompletedExceptionally();
        comeBack(g, GroupWorld.MEMBERS);
        g.world.advance(SECOND);
        g.world.holdConnects(true);
        var first = g.ask();
        var second = g.ask();
        assertThat(second).isNotDone();
        g.world.holdConnects(false);
        List.of(first, second).forEach(request -> g.world.release(request.join()));
        g.verify(4, 100);
    }

    @Test
    void theErrorHasTheNumbersOfTheFirstMember() {
        var g = world(Routing.inOrder());
        goDown(g);
        assertThat(g.ask()).isCompletedExceptionally();
        g.world.advance(Duration.ofMillis(10));

        assertThat(failureOf(g.ask()))
                .asInstanceOf(type(EndpointUnavailableException.class))
                .satisfies(e -> {
                    assertThat(e.limits()).hasValueSatisfying(limits -> assertThat(limits.maxSize())
                            .isEqualTo(4));
                    assertThat(e.stats())
                            .hasValueSatisfying(stats ->
                                    assertThat(stats.circuit().failures()).isOne());
                });
        g.verify(4, 100);
    }
}
