package io.genericpool.core.group;

import static io.genericpool.core.group.GroupWorld.failureOf;
import static io.genericpool.core.group.GroupWorld.servedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
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

/** A request of a group for a connection that is opened after it. Shows I54, I55 and I56 for those. */
@Timeout(60)
class GroupNewConnectionTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static CompletableFuture<Lease<String, FakeConnection<String>>> askNew(GroupWorld g) {
        var future = g.group.newConnectionAsync();
        g.world.settle();
        return future;
    }

    private static CompletableFuture<Lease<String, FakeConnection<String>>> askNew(GroupWorld g, String endpoint) {
        var future = g.world.pool.newConnectionAsync(endpoint);
        g.world.settle();
        return future;
    }

    @Test
    void idleConnectionsAreNotTaken() {
        var g = GroupWorld.of(2, Routing.inOrder());
        for (String member : GroupWorld.MEMBERS) {
            g.world.fill(member, 1);
        }

        var lease = g.group.newConnection();

        assertThat(lease.endpoint()).isEqualTo("a");
        assertThat(g.world.stats("a").idle()).isOne();
        assertThat(g.world.server.createsStarted()).isEqualTo(4);
        g.world.release(lease);
        assertThat(g.world.stats("a").idle()).as("it joins its member").isEqualTo(2);
        assertThat(g.group.stats().leases()).containsEntry("a", 1L);
        g.verify(2, 100);
    }

    @Test
    void releasedConnectionsAreNotTakenEither() {
        var g = GroupWorld.of(2, Routing.inOrder());
        var b = g.world.lease("b");
        g.world.holdConnects(true);
        var request = askNew(g);

        g.world.release(b);

        assertThat(request).isNotDone();
        assertThat(g.world.connects.pending())
                .as("one connect, at the first member")
                .isOne();
        g.world.holdConnects(false);
        assertThat(servedBy(request)).isEqualTo("a");
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void aConnectThatBeganBeforeDoesNotServeIt() {
        var g = GroupWorld.of(2, Routing.inOrder());
        g.world.holdConnects(true);
        var plain = g.world.ask("a");
        var request = askNew(g);
        assertThat(g.world.connects.pending()).isEqualTo(2);
        plain.cancel(true);
        g.world.settle();

        g.connect(0);

        assertThat(request).as("by the first connect").isNotDone();
        g.world.holdConnects(false);
        assertThat(request).isCompleted();
        assertThat(g.world.stats("a").idle()).isOne();
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void aFullMemberMakesRoomByWhatHasBeenIdleLongest() {
        var g = GroupWorld.of(2, Routing.inOrder());
        var held = g.world.leases("a", 2);
        var longest = held.get(1).connection();
        g.world.release(held.get(1));
        g.world.advance(Duration.ofSeconds(5));
        var other = held.get(0).connection();
        g.world.release(held.get(0));

        var request = askNew(g);

        assertThat(servedBy(request)).isEqualTo("a");
        assertThat(longest.isOpen()).isFalse();
        assertThat(other.isOpen()).isTrue();
        assertThat(g.group.stats().spillOvers()).isZero();
        assertThat(g.world.server.createsStarted()).isEqualTo(3);
        g.world.release(request.join());
        g.verify(2, 100);
    }

    @Test
    void aMemberAllOfWhoseConnectionsAreInUseIsPassedOver() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var own = g.world.lease("a");

        var request = askNew(g);

        assertThat(servedBy(request)).isEqualTo("b");
        assertThat(g.group.stats().spillOvers()).isOne();
        List.of(own, request.join()).forEach(g.world::release);
        g.verify(1, 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void whenAllAreInUseItTakesThePlaceOfTheFirstThatIsReleased(String member) {
        var g = GroupWorld.of(1, Routing.inOrder());
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = askNew(g);
        assertThat(request).isNotDone();

        leases.stream().filter(lease -> lease.endpoint().equals(member)).forEach(g.world::release);

        assertThat(servedBy(request)).isEqualTo(member);
        assertThat(g.world.server.createsStarted(member)).isEqualTo(2);
        assertThat(g.world.server.createsStarted()).isEqualTo(4);
        g.world.release(request.join());
        leases.forEach(g.world::release);
        g.verify(1, 100);
    }

    /** Shows I56: one request makes room at one member. */
    @Test
    void itMakesRoomAtOneMemberOnly() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var request = askNew(g);
        g.world.holdConnects(true);

        leases.forEach(Lease::release);
        g.world.settle();

        assertThat(g.world.pool.stats().idle()).as("two stay").isEqualTo(2);
        g.world.holdConnects(false);
        assertThat(servedBy(request)).isEqualTo("a");
        assertThat(g.world.server.createsStarted()).isEqualTo(4);
        g.world.release(request.join());
        g.verify(1, 100);
    }

    @Test
    void roomThatWasMadeForOneThatLeavesGoesToAnother() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var leases = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        var first = askNew(g);
        var second = askNew(g);
        g.world.holdConnects(true);
        leases.get(1).release(); // its disposal is held
        g.world.settle();

        first.cancel(true);
        g.world.holdConnects(false);

        assertThat(servedBy(second)).isEqualTo("b");
        g.world.release(second.join());
        leases.forEach(g.world::release);
        g.verify(1, 100);
    }

    /** A ticket whose request waits for another member does not keep a plain request from what it may have. */
    @Test
    void aPlainRequestBehindItIsNotHeldUp() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var a = g.world.lease("a");
        g.world.holdConnects(true);
        var request = askNew(g); // connects to b
        assertThat(g.world.connects.pending()).isOne();
        var plain = askNew(g, "a");
        assertThat(g.waiters("a")).isEqualTo(2);

        a.release();
        g.connect(1); // the disposal at a
        g.connect(1); // and the connect there

        assertThat(request).as("the older one takes it: it is a new one").isCompleted();
        assertThat(plain).isNotDone();
        g.world.release(request.join());
        g.world.holdConnects(false);
        assertThat(plain).isCompleted();
        g.world.release(plain.join());
        g.verify(1, 100);
    }

    @Test
    void aMemberWhoseAttemptFailsIsFollowedByTheNext() {
        var g = GroupWorld.of(1, Routing.inOrder());
        g.world.manager.script(Operation.CREATE, "a").always(Behaviour.fail(new IOException("down")));
        var request = askNew(g);
        assertThat(servedBy(request)).isEqualTo("b");
        var plain = g.world.leases("c", 1);
        var second = askNew(g);
        assertThat(second).as("a has failed for it, b and c are in use").isNotDone();
        var third = askNew(g, "a");
        assertThat(failureOf(third)).isInstanceOf(ConnectionCreateException.class);

        g.world.release(plain.get(0));

        assertThat(servedBy(second)).isEqualTo("c");
        List.of(request, second).forEach(done -> g.world.release(done.join()));
        g.verify(1, 100);
    }

    @Test
    void itFailsWithACauseOfEachMember() {
        var g = GroupWorld.of(1, Routing.inOrder());
        for (String member : GroupWorld.MEMBERS) {
            g.world.manager.script(Operation.CREATE, member).always(Behaviour.fail(new IOException("down")));
        }
        assertThat(failureOf(askNew(g)))
                .isInstanceOf(ConnectionCreateException.class)
                .hasMessageContainingAll("group g", "a", "b", "c");
        assertThat(g.world.server.createsStarted()).isEqualTo(3);
        g.verify(1, 100);
    }

    @Test
    void itTimesOutAndLeavesAllQueues() {
        var g = GroupWorld.of(1, Routing.inOrder());
        var held = List.of(g.world.lease("a"), g.world.lease("b"), g.world.lease("c"));
        assertThatThrownBy(() -> g.group.newConnection(SECOND)).isInstanceOf(AcquireTimeoutException.class);
        assertThat(g.group.newConnectionAsync(Duration.ZERO)).isCompletedExceptionally();
        g.assertNobodyWaits();
        held.forEach(g.world::release);
        assertThat(g.world.pool.stats().idle()).isEqualTo(3);
        g.verify(1, 100);
    }

    @Test
    void aPermitIsWantedForOneMemberOnly() {
        var g = new GroupWorld(Routing.inOrder(), knobs -> knobs.maxSize(2).totalMaxSize(2));
        var x = g.world.leases("x", 2);
        var request = askNew(g);
        assertThat(request).isNotDone();

        g.world.release(x.get(0));

        assertThat(servedBy(request)).isEqualTo("a");
        assertThat(g.world.server.createsStarted()).isEqualTo(3);
        List.of(x.get(1), request.join()).forEach(g.world::release);
        g.verify(2, 2);
    }

    @Test
    void requestsToColdMembersStartOneConnectEach() {
        var g = GroupWorld.of(10, Routing.roundRobin());
        g.world.holdConnects(true);
        List<CompletableFuture<Lease<String, FakeConnection<String>>>> requests = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            requests.add(askNew(g));
        }
        assertThat(g.world.connects.pending()).isEqualTo(7);

        g.world.holdConnects(false);

        requests.forEach(request -> g.world.release(request.join()));
        assertThat(g.world.server.createsStarted()).isEqualTo(7);
        g.verify(10, 100);
    }
}
