package io.genericpool.core.group;

import static io.genericpool.core.group.GroupWorld.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.group.Routing;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A requester is told of an outcome that was decided on the thread of a timer. Shows I55. */
@Timeout(60)
class GroupSignalTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Run once by the thread that asks for the limits of an endpoint, which holds no lock. */
    private final AtomicReference<Runnable> whenJoining = new AtomicReference<>();

    private GroupWorld withTiers(Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        Routing<String> routing = Routing.<String>inOrder()
                .tier(member -> member.equals("a") ? 0 : 1)
                .spillAfter(Duration.ofMillis(50));
        return new GroupWorld(routing, builder -> {
            builder.maxSize(1).endpointLimits(endpoint -> {
                Runnable action = whenJoining.getAndSet(null);
                if (action != null) {
                    action.run();
                }
                return null;
            });
            knobs.accept(builder);
        });
    }

    /** A request of another thread, which is parked when this returns. */
    private static CompletableFuture<Lease<String, FakeConnection<String>>> parked(GroupWorld g) {
        var result = new CompletableFuture<Lease<String, FakeConnection<String>>>();
        var thread = new Thread(
                () -> {
                    try {
                        result.complete(g.group.connection(LONG));
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "requester");
        thread.setDaemon(true);
        thread.start();
        g.world.clock.awaitParked(1);
        return result;
    }

    @Test
    void aThreadIsWokenForTheIdleConnectionOfALaterTier() {
        var g = withTiers(knobs -> {});
        g.world.fill("b", 1);
        g.world.holdConnects(true);
        var request = parked(g);

        g.world.advance(Duration.ofMillis(51));

        var lease = request.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(lease.endpoint()).isEqualTo("b");
        g.world.holdConnects(false);
        g.world.release(lease);
        g.verify(1, 100);
    }

    /** The connect of the first tier fails while the timer's thread asks the last member, which refuses. */
    private void failWhileTheTimerAsksTheLast(GroupWorld g) {
        g.world.manager.script(Operation.CREATE, "a").always(Behaviour.fail(new IOException("connection refused")));
        whenJoining.set(() -> assertThat(g.world.connects.runNext()).isTrue());
        g.world.advance(Duration.ofMillis(51));
        assertThat(whenJoining.get()).as("a later tier was asked").isNull();
    }

    @Test
    void aFutureFailsThoughTheLastRefusalIsFoundByATimer() {
        var g = withTiers(knobs -> knobs.maxEndpoints(1));
        g.world.holdConnects(true);
        var request = g.ask(LONG);

        failWhileTheTimerAsksTheLast(g);

        assertThat(failureOf(request)).isInstanceOf(PoolException.class).hasMessageContainingAll("a", "b", "c");
        g.verify(1, 100);
    }

    /** An error of the user's function ends the round of the timer's thread; the request is not left to its deadline. */
    @Test
    void anErrorOfALimitsFunctionInALaterTierFailsThatMemberAlone() {
        var g = withTiers(knobs -> {});
        g.world.manager.script(Operation.CREATE, "a").always(Behaviour.fail(new IOException("connection refused")));
        g.world.manager.script(Operation.CREATE, "c").always(Behaviour.fail(new IOException("connection refused")));
        g.world.holdConnects(true);
        var request = g.ask(LONG);
        whenJoining.set(() -> {
            throw new AssertionError("of the limits of b");
        });
        try {
            g.world.advance(Duration.ofMillis(51));
        } catch (AssertionError e) {
            assertThat(e).hasMessage("of the limits of b");
        }

        g.world.holdConnects(false);

        assertThat(failureOf(request)).hasMessageContainingAll("a", "of the limits of b", "c");
        g.verify(1, 100);
    }

    @Test
    void aThreadFailsThoughTheLastRefusalIsFoundByATimer() {
        var g = withTiers(knobs -> knobs.maxEndpoints(1));
        g.world.holdConnects(true);
        var request = parked(g);

        failWhileTheTimerAsksTheLast(g);

        assertThat(request.orTimeout(10, TimeUnit.SECONDS)
                        .handle((lease, e) -> e)
                        .join())
                .satisfies(e -> assertThat(e instanceof CompletionException ? e.getCause() : e)
                        .isInstanceOf(PoolException.class)
                        .hasMessageContainingAll("a", "b", "c"));
        g.verify(1, 100);
    }
}
