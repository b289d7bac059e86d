package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.group.Routing;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.util.List;

/** A group of endpoints serves a request by any of its members, in their order with other requests, and leaves nothing behind. */
abstract class GroupBehaviour extends PoolBehaviour {
    private static final List<String> MEMBERS = List.of("a", "b", "c");

    GroupBehaviour(PoolFactory factory) {
        super(factory);
    }

    private static EndpointGroup<String, FakeConnection<String>> group(PoolHarness on) {
        return on.pool().group("g", Routing.inOrder(), MEMBERS);
    }

    private static List<Lease<String, FakeConnection<String>>> oneOfEach(PoolHarness on) {
        return List.of(on.lease("a"), on.lease("b"), on.lease("c"));
    }

    private static void assertNobodyWaits(PoolHarness on) {
        on.await("no request to wait", () -> on.pool().stats().waiters() == 0);
    }

    @PoolTest(alsoWithoutHooks = true)
    void theFirstMemberThatIsFreeServesARequest(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var group = group(on);
        for (int i = 0; i < 3; i++) {
            var held = oneOfEach(on);
            var request = on.request(group);
            request.assertWaits();
            held.get(i).release();
            assertThat(request.value().endpoint()).isEqualTo(MEMBERS.get(i));
            assertNobodyWaits(on);
            held.forEach(Lease::release);
            request.value().release();
            on.settle();
        }
        assertThat(on.server().created()).isEqualTo(3);
    }

    @PoolTest(alsoWithoutHooks = true)
    void aMemberServesRequestsInTheOrderOfTheirComing(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var group = group(on);
        var held = oneOfEach(on);
        var before = on.request("b");
        var request = on.request(group);
        var behind = on.request("b");
        held.get(1).release();
        before.value().release();
        assertThat(request.value().endpoint()).isEqualTo("b");
        behind.assertWaits();
        request.value().release();
        behind.value().release();
    }

    @PoolTest(alsoWithoutHooks = true)
    void oneRequestOpensOneConnection(PoolHarness on) {
        on.open(timeless().maxSize(2));
        var group = group(on);
        on.holdConnects(true);
        var request = on.request(group);
        assertThat(on.pool().stats().connecting()).isOne();
        on.holdConnects(false);
        assertThat(request.value().endpoint()).isEqualTo("a");
        assertThat(on.server().created()).isOne();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aNewConnectionIsOpenedAtTheFirstMemberThatHasRoom(PoolHarness on) {
        on.open(timeless().maxSize(2));
        var group = group(on);
        var idle = on.fill("a", 1).get(0);
        var first = on.requestNew(group).value();
        assertThat(first.endpoint()).isEqualTo("a");
        assertThat(first.connection().id()).isNotEqualTo(idle.id());
        assertThat(on.stats("a").idle()).isOne();
        var other = on.lease("a");
        assertThat(on.requestNew(group).value().endpoint()).as("a is in use").isEqualTo("b");
        other.release();
        on.settle();
        var second = on.requestNew(group).value();
        assertThat(second.endpoint()).as("a makes room").isEqualTo("a");
        assertThat(idle.isOpen()).isFalse();
    }

    @PoolTest(alsoWithoutHooks = true)
    void aNewConnectionTakesThePlaceOfTheFirstThatIsReleased(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var group = group(on);
        var held = oneOfEach(on);
        var request = on.requestNew(group);
        request.assertWaits();
        held.get(1).release();
        assertThat(request.value().endpoint()).isEqualTo("b");
        assertNobodyWaits(on);
        assertThat(on.server().created()).isEqualTo(4);
    }

    @PoolTest
    void aMemberThatIsDownIsPassedOver(PoolHarness on) {
        on.open(timeless().maxSize(2));
        var group = group(on);
        on.manager().script(Operation.CREATE, "a").always(Behaviour.fail(new IOException("down")));
        assertThat(on.request(group).value().endpoint()).isEqualTo("b");
        on.script(Operation.CREATE).always(Behaviour.fail(new IOException("down")));
        on.pool().evictAll();
        var failure = on.request(group).failsWith(ConnectionCreateException.class);
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(failure).hasMessageContainingAll("a", "b", "c");
    }

    @PoolTest(alsoWithoutHooks = true)
    void aRequestThatEndsLeavesAllQueues(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var group = group(on);
        var held = oneOfEach(on);
        var late = on.request(group, seconds(1));
        var cancelled = on.request(group);
        cancelled.cancel();
        on.advance(seconds(1));
        late.failsWith(AcquireTimeoutException.class);
        assertNobodyWaits(on);
        held.forEach(Lease::release);
        on.settle();
        assertThat(on.pool().stats().idle()).isEqualTo(3);
    }

    @PoolTest
    void aCloseFailsThem(PoolHarness on) {
        on.open(timeless().maxSize(1));
        var group = group(on);
        var held = oneOfEach(on);
        var waiting = on.request(group);
        var closing = on.closing(seconds(5));
        waiting.failsWith(PoolClosedException.class);
        held.forEach(Lease::release);
        on.settle();
        closing.value();
        on.request(group).failsWith(PoolClosedException.class);
    }
}
