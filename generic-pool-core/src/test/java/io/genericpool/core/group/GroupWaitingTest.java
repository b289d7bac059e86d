package io.genericpool.core.group;

import static io.genericpool.core.group.GroupWorld.servedBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.Lease;
import io.genericpool.group.Routing;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a request of a group waits at its members, and who starts what for it. Shows I54, I55 and I56. */
@Timeout(60)
class GroupWaitingTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    // ---- what is idle or released

    @Test
    void anIdleConnectionOfAnyMemberServesAtOnce() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = g.world.lease("a");
        g.world.fill("c", 1);
        g.world.holdConnects(true);

        var lease = g.group.connection();

        assertThat(lease.endpoint()).isEqualTo("c");
        assertThat(g.world.connects.pending()).as("no connect was started").isZero();
        g.world.release(lease);
        g.world.release(held);
        g.verify(1, 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void threeFullMembersAreServedByTheFirstThatIsFree(String first) {
        var g = GroupWorld.of(1, Routing.inOrder());
        var a = g.world.lease("a");
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        var request = g.ask();
        assertThat(request).isNotDone();
        assertThat(List.of(g.waiters("a"), g.waiters("b"), g.waiters("c"))).containsExactly(1, 1, 1);

        g.world.release(first.equals("a") ? a : first.equals("b") ? b : c);

        assertThat(servedBy(request)).isEqualTo(first);
        g.assertNobodyWaits();
        g.world.release(request.join());
        for (var lease : List.of(a, b, c)) {
            g.world.release(lease); // once more for one of them: counted only
        }
        assertThat(g.world.server.createsStarted()).isEqualTo(3);
        g.verify(1, 100);
    }

    @Test
    void itKeepsItsPlaceAmongPlainRequestsOfTheSameMember() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var a = g.world.lease("a");
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        var before = g.world.ask("b");
        var request = g.ask();
        var behind = g.world.ask("b");

        g.world.release(b);
        assertThat(before).isCompleted();
        assertThat(request).isNotDone();
        g.world.release(before.join());
        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(behind).isNotDone();
        g.world.release(request.join());
        assertThat(behind).isCompleted();

        List.of(a, c, behind.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void aDeliveryAtOneMemberLeavesTheOthersToThoseBehind() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var first = g.ask();
        var second = g.ask();
        var third = g.ask();

        leases.forEach(Lease::release); // before anything else is done
        g.world.settle();

        assertThat(List.of(servedBy(first), servedBy(second), servedBy(third))).containsExactly("a", "b", "c");
        List.of(first, second, third).forEach(request -> g.world.release(request.join()));
        g.verify(1, 100);
    }

    @Test
    void aBlockedThreadIsServedByAnyMember() throws Exception {
        var g = GroupWorld.of(1, Routing.inOrder());
        var a = g.world.lease("a");
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        g.world.clock.schedule(b::release, ms(200).toNanos());

        var lease = g.group.connection(SECOND);

        assertThat(lease.endpoint()).isEqualTo("b");
        List.of(lease, a, c).forEach(g.world::release);
        g.verify(1, 100);
    }

    // ---- connects

    /** Shows I56. */
    @Test
    void requestsToColdMembersStartAtMostOneConnectEach() {
        var g = GroupWorld.of(10, Routing.leastLoaded());
        g.world.holdConnects(true);
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> requests = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            requests.add(g.ask());
        }
        assertThat(g.world.connects.pending()).isEqualTo(7);

        g.world.holdConnects(false);

        requests.forEach(request -> assertThat(request).isCompleted());
        requests.forEach(request -> g.world.release(request.join()));
        assertThat(g.world.server.createsStarted()).isEqualTo(7);
        g.verify(10, 100);
    }

    /** Shows I56. */
    @Test
    void anOlderRequestThatTakesTheConnectionOfAYoungerOneLeavesItsOwn() {
        var g = GroupWorld.of(10, Routing.roundRobin());
        g.world.holdConnects(true);
        var first = g.ask(); // connects to a
        var second = g.ask(); // connects to b
        assertThat(g.world.connects.pending()).isEqualTo(2);

        g.connect(1);

        assertThat(servedBy(first)).isEqualTo("b");
        assertThat(second).isNotDone();
        assertThat(g.world.connects.pending())
                .as("the second waits for the first one's connect")
                .isOne();
        g.connect(0);
        assertThat(servedBy(second)).isEqualTo("a");
        assertThat(g.world.server.createsStarted()).isEqualTo(2);
        assertThat(g.group.stats().spillOvers()).as("they changed places").isZero();
        List.of(first, second).forEach(request -> g.world.release(request.join()));
        g.verify(10, 100);
    }

    @Test
    void itConnectsToTheNextMemberWhereTheFirstIsFull() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var a = g.world.lease("a");

        var request = g.ask();

        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(g.group.stats().spillOvers()).isOne();
        assertThat(g.group.stats().leases()).containsEntry("a", 0L).containsEntry("b", 1L);
        List.of(a, request.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void itConnectsWhereRoomComesFreeFirst(String member) {
        var g = GroupWorld.of(1, Routing.inOrder());
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = g.ask();

        leases.stream().filter(lease -> lease.endpoint().equals(member)).forEach(Lease::invalidate);
        g.world.settle();

        assertThat(servedBy(request)).isEqualTo(member);
        assertThat(g.world.server.createsStarted()).isEqualTo(4);
        g.world.release(request.join());
        leases.forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void aRequestThatLeavesHandsItsConnectOnToAnotherOfTheGroup() {
        var g = GroupWorld.of(10, Routing.inOrder());
        g.world.holdConnects(true);
        var first = g.ask();
        first.cancel(true);
        g.world.settle();
        g.assertNobodyWaits();
        var second = g.ask();
        assertThat(g.world.connects.pending()).isOne();

        g.world.holdConnects(false);

        assertThat(servedBy(second)).isEqualTo("a");
        assertThat(g.world.server.createsStarted()).isOne();
        g.world.release(second.join());
        g.verify(10, 100);
    }

    @Test
    void aConnectThatIsHandedOverIsASpillOverOfTheOneThatGetsIt() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var a = g.world.lease("a");
        var c = g.world.lease("c");
        g.world.holdConnects(true);
        var first = g.ask(); // connects to b
        var second = g.ask(); // can have none started
        assertThat(g.group.stats().spillOvers()).isOne();

        first.cancel(true);
        g.world.settle();

        assertThat(g.world.connects.pending()).as("the connect of the first").isOne();
        assertThat(g.group.stats().spillOvers()).isEqualTo(2);
        g.world.manager.script(Operation.CREATE, "b").always(Behaviour.fail(new IOException("down")));
        c.invalidate();
        g.world.holdConnects(false); // b fails twice, since the first one was not its own; c has room

        assertThat(servedBy(second)).isEqualTo("c");
        assertThat(g.group.stats().spillOvers()).isEqualTo(3);
        List.of(a, c, second.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    // ---- moving on

    @Test
    void aSlowConnectIsLeftToAnotherMemberAfterSpillAfter() {
        var g = GroupWorld.of(2, Routing.inOrder().spillAfter(ms(50)));
        g.world.holdConnects(true);
        var request = g.ask();
        g.world.advance(ms(49));
        assertThat(g.world.connects.pending()).isOne();
        g.world.advance(ms(2));
        assertThat(g.world.connects.pending()).isEqualTo(2);

        g.connect(1);

        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(g.group.stats().spillOvers()).isOne();
        g.world.holdConnects(false);
        assertThat(g.world.stats("a").idle()).as("the late one joins its pool").isOne();
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void theSlowConnectServesAllTheSameWhenItComesFirst() {
        var g = GroupWorld.of(2, Routing.inOrder().spillAfter(ms(50)));
        g.world.holdConnects(true);
        var request = g.ask();
        g.world.advance(ms(500));
        assertThat(g.world.connects.pending())
                .as("one at each member, and no more")
                .isEqualTo(3);

        g.connect(0);

        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        g.world.holdConnects(false);
        g.verify(2, 100);
    }

    @Test
    void spillAfterRunsFromTheTurnWhateverTheClockShows() {
        var g = GroupWorld.of(1, Routing.inOrder().spillAfter(ms(50)));
        g.world.advance(Duration.ofSeconds(4)); // the clock has wrapped around
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = g.ask();
        g.world.advance(ms(60)); // none has had the turn by now
        g.world.holdConnects(true);
        leases.get(0).invalidate();
        leases.get(1).invalidate();
        g.connect(0); // the disposal at a
        g.connect(0); // that at b
        assertThat(g.world.connects.pending()).as("a connects").isOne();

        g.world.advance(ms(101));

        assertThat(g.world.connects.pending()).isEqualTo(2);
        g.world.holdConnects(false);
        assertThat(request).isCompleted();
        leases.forEach(g.world::release);
        g.world.release(request.join());
        g.verify(1, 100);
    }

    /** With a collector the pool's tick is coarser than this time. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectHasAllOfSpillAfterHoweverLongItsRequestHasWaited(boolean hasCollector) {
        var g = new GroupWorld(Routing.<String>inOrder().spillAfter(ms(50)), knobs -> knobs.maxSize(1)
                .backgroundCollector(hasCollector));
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = g.ask();
        g.world.advance(ms(60)); // none has had the turn by now
        g.world.holdConnects(true);
        leases.get(0).invalidate();
        leases.get(1).invalidate();
        g.connect(0); // the disposal at a
        g.connect(0); // that at b
        assertThat(g.world.connects.pending()).as("a connects").isOne();

        g.world.advance(ms(49)); // 100 ms after the request, the timer has looked

        assertThat(g.world.connects.pending()).isOne();
        g.world.advance(ms(2));
        assertThat(g.world.connects.pending()).as("b connects, too").isEqualTo(2);
        g.world.holdConnects(false);
        assertThat(request).isCompleted();
        leases.forEach(g.world::release);
        g.world.release(request.join());
        g.verify(1, 100);
    }

    @Test
    void withoutSpillAfterASlowConnectIsTheOnlyOne() {
        var g = GroupWorld.of(2, Routing.inOrder());
        g.world.holdConnects(true);
        var request = g.ask();
        g.world.advance(SECOND);
        assertThat(g.world.connects.pending()).isOne();
        g.world.holdConnects(false);
        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void hedgingAllowsASecondConnectAndNoThird() {
        var g = GroupWorld.of(2, Routing.inOrder().hedgeAfter(ms(20)));
        g.world.holdConnects(true);
        var request = g.ask();
        g.world.advance(ms(19));
        assertThat(g.world.connects.pending()).isOne();
        g.world.advance(SECOND);
        assertThat(g.world.connects.pending()).isEqualTo(2);

        g.connect(1);

        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(g.group.stats().hedges()).isOne();
        assertThat(g.group.stats().spillOvers()).isZero();
        g.world.release(request.join());
        g.world.holdConnects(false);
        g.verify(2, 100);
    }

    @Test
    void aHedgeThatNoMemberCanStartIsNotCounted() {
        var g = GroupWorld.of(1, Routing.inOrder().hedgeAfter(ms(20)));
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        g.world.holdConnects(true);
        var request = g.ask();
        g.world.advance(ms(30));
        assertThat(g.world.connects.pending()).isOne();
        assertThat(g.group.stats().hedges()).isZero();
        g.world.holdConnects(false);
        List.of(b, c, request.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void noTimerIsLeftBehindByARequestThatWasServed() {
        var g = new GroupWorld(Routing.inOrder().spillAfter(ms(50)).hedgeAfter(ms(20)), knobs -> knobs.maxSize(1)
                .backgroundCollector(false));
        var a = g.world.lease("a");
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        int before = g.world.clock.pendingTimers();
        var request = g.ask();
        assertThat(g.world.clock.pendingTimers()).isGreaterThan(before);
        g.world.release(c);
        assertThat(g.world.clock.pendingTimers()).isEqualTo(before);
        List.of(a, b, request.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    // ---- tiers

    @Test
    void aLaterTierIsAskedOnlyWhereTheFirstCannotServe() {
        var g = GroupWorld.of(1, Routing.leastLoaded().tier(member -> member.equals("c") ? 1 : 0));
        g.world.fill("c", 1);
        var first = g.ask();
        var second = g.ask();
        assertThat(List.of(servedBy(first), servedBy(second))).containsExactlyInAnyOrder("a", "b");

        var third = g.ask();

        assertThat(servedBy(third)).isEqualTo("c");
        var fourth = g.ask();
        assertThat(fourth).isNotDone();
        g.world.release(second.join());
        assertThat(fourth).isCompleted();
        List.of(first, third, fourth).forEach(request -> g.world.release(request.join()));
        g.verify(1, 100);
    }

    @Test
    void aSlowTierIsLeftAfterSpillAfter() {
        var g = GroupWorld.of(1, Routing.inOrder().spillAfter(ms(50)).tier(m -> m.equals("c") ? 2 : 1));
        var a = g.world.lease("a");
        g.world.fill("c", 1);
        g.world.holdConnects(true);
        var request = g.ask();
        assertThat(g.world.connects.pending()).as("b is opened").isOne();
        assertThat(request).isNotDone();

        g.world.advance(ms(51));

        assertThat(servedBy(request)).isEqualTo("c");
        g.world.holdConnects(false);
        List.of(a, request.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    // ---- limits

    @Test
    void onePermitIsWantedForARequestHoweverManyMembersItHas() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(4).totalMaxSize(4));
        g.world.fill("x", 2);
        g.world.fill("y", 2);

        var request = g.ask();

        assertThat(servedBy(request)).isEqualTo("a");
        assertThat(g.world.pool.stats().total())
                .as("one connection has made room")
                .isEqualTo(4);
        assertThat(g.world.server.createsStarted()).isEqualTo(5);
        g.world.release(request.join());
        g.verify(4, 4);
    }

    @Test
    void itWaitsForAPermitAtOneMemberAndTakesWhatIsReleasedAtAnother() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(2).totalMaxSize(2));
        var b = g.world.lease("b");
        var x = g.world.lease("x");
        var request = g.ask();
        assertThat(request).isNotDone();

        g.world.release(b);

        assertThat(request).isCompleted();
        g.assertNobodyWaits();
        List.of(x, request.join()).forEach(g.world::release);
        g.verify(2, 2);
    }

    /** Shows I16 and I56. */
    @Test
    void spillAfterDoesNotPutOffARequestThatWaitsForAPermit() {
        var g = new GroupWorld(
                Routing.inOrder().spillAfter(ms(5)),
                knobs -> knobs.maxSize(1).totalMaxSize(3).overtakeWindow(ms(20)));
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        var x = g.world.lease("x");
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> busy = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            busy.add(g.world.ask("x"));
        }
        var request = g.ask();

        for (int i = 0; i < 20; i++) {
            g.world.advance(ms(3));
            g.world.release(x);
            x = busy.get(i).getNow(x);
        }

        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        for (var ask : busy) {
            g.world.release(x);
            x = ask.getNow(x);
        }
        List.of(b, c, x).forEach(g.world::release);
        g.world.settle();
        busy.forEach(ask -> g.world.release(ask.join()));
        g.verify(1, 3);
    }

    @Test
    void aMemberWhoseQueueIsFullDoesNotServeIt() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(1).maxWaiters(1));
        var a = g.world.lease("a");
        var b = g.world.lease("b");
        var c = g.world.lease("c");
        var plain = g.world.ask("a");
        var request = g.ask();
        assertThat(request).isNotDone();
        assertThat(g.waiters("a")).isOne();
        assertThat(g.waiters("b")).isOne();

        g.world.release(a);
        assertThat(plain).isCompleted();
        g.world.release(plain.join());
        assertThat(request).as("it does not wait there").isNotDone();
        g.world.release(b);
        assertThat(servedBy(request)).isEqualTo("b");
        List.of(c, request.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    @Test
    void movingOnFromAFullQueueCountsAsOneSpillOver() {
        var g = new GroupWorld(
                Routing.inOrder(), knobs -> knobs.maxSize(1).maxWaiters(0).totalMaxSize(1));
        var x = g.world.lease("x");

        var request = g.ask(); // a lacks a permit, and nobody may wait there

        assertThat(request).isNotDone();
        assertThat(g.waiters("a")).isZero();
        assertThat(g.group.stats().spillOvers()).isOne();
        g.world.release(x);
        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(g.group.stats().spillOvers()).isOne();
        g.world.release(request.join());
        g.verify(1, 1);
    }

    @Test
    void staleConnectionsAreCheckedAtOneMemberAtATime() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(1).alivenessBypass(Duration.ZERO));
        g.world.fill("a", 1);
        g.world.fill("b", 1);
        g.world.advance(ms(10));
        g.world.holdConnects(true);

        var request = g.ask();

        assertThat(g.world.connects.pending()).as("one check").isOne();
        g.world.holdConnects(false);
        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        g.verify(1, 100);
    }
}
