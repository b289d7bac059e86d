package io.genericpool.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.EndpointGroup;
import io.genericpool.Lease;
import io.genericpool.core.internal.endpoint.OfferStep;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.LeaseEndEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.group.Routing;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.FakeConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two members deliver to one request at the same moment, or a member delivers while the request leaves. The test does the
 * other thing in the middle of the delivery, in place of another thread. Shows I54 and I55.
 */
@Timeout(60)
class GroupDeliveryTest {
    /** A pool with a listener of leases reads it once while it delivers one: between its look at the waiter and the outcome. */
    private static final class DeliveryClock implements PoolClock {
        private final PoolClock clock;
        private Runnable next;

        DeliveryClock(PoolClock clock) {
            this.clock = clock;
        }

        @Override
        public long nanoTime() {
            Runnable action = next;
            if (action != null && isInDelivery()) {
                next = null;
                action.run();
            }
            return clock.nanoTime();
        }

        private static boolean isInDelivery() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().equals(OfferStep.class.getName())
                                    && frame.getMethodName().equals("deliver")));
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            return clock.schedule(task, delayNanos);
        }

        @Override
        public boolean isManual() {
            return clock.isManual();
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.park(blocker, nanos);
        }
    }

    private static final class Listener implements PoolListener<String> {
        @Override
        public void onLeaseEnded(LeaseEndEvent<String> event) {}
    }

    private final PoolWorld world = new PoolWorld();
    private final DeliveryClock clock = new DeliveryClock(world.clock);
    private EndpointGroup<String, FakeConnection<String>> group;
    private Lease<String, FakeConnection<String>> a;
    private Lease<String, FakeConnection<String>> b;
    private CompletableFuture<Lease<String, FakeConnection<String>>> request;
    private CompletableFuture<Lease<String, FakeConnection<String>>> behind;

    /** Both members are full; a request of the group waits, and one of b behind it. */
    private void open() {
        world.open(knobs -> knobs.maxSize(1).clock(clock).listener(new Listener()));
        group = world.pool.group("g", Routing.inOrder(), "a", "b");
        a = world.lease("a");
        b = world.lease("b");
        request = group.connectionAsync();
        behind = world.ask("b");
    }

    private void end(List<Lease<String, FakeConnection<String>>> leases) {
        assertThat(world.pool.stats().pending()).isZero();
        leases.forEach(world::release);
        assertThat(world.pool.stats().waiters()).isZero();
        assertThat(world.pool.stats().idle()).isEqualTo(2);
        assertThat(world.server.createsStarted()).isEqualTo(2);
        world.verify(1, 100);
    }

    @Test
    void theMemberThatComesSecondServesTheNextRequest() {
        open();
        FakeConnection<String> ofB = b.connection();
        clock.next = a::release;

        b.release();
        world.settle();

        assertThat(clock.next)
                .as("a has delivered in the middle of b's delivery")
                .isNull();
        assertThat(GroupWorld.servedBy(request)).isEqualTo("a");
        assertThat(behind).isCompleted();
        assertThat(behind.join().connection()).isSameAs(ofB);
        assertThat(group.stats().leases()).containsEntry("a", 1L).containsEntry("b", 0L);
        assertThat(world.pool.stats().granted()).isEqualTo(4);
        end(List.of(request.join(), behind.join()));
    }

    @Test
    void aRequestThatLeavesMeanwhileLeavesTheConnectionToTheNext() {
        open();
        FakeConnection<String> ofB = b.connection();
        clock.next = () -> request.cancel(true);

        b.release();
        world.settle();

        assertThat(clock.next).isNull();
        assertThat(request).isCancelled();
        assertThat(world.pool.stats().cancelled()).isOne();
        assertThat(behind).isCompleted();
        assertThat(behind.join().connection()).isSameAs(ofB);
        end(List.of(a, behind.join()));
    }
}
