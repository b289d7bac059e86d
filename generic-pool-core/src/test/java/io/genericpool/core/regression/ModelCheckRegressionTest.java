package io.genericpool.core.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.SuspendMode;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the model check found, each as a trace of its own, so that it does not come back. */
class ModelCheckRegressionTest {
    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    /** The pause was lifted only by a sweep that found nothing idle, so that it could outlast its reason. */
    @Test
    void aRefillThatFailedPausesUntilTheNextSweepAndNoLonger() {
        var world = PoolWorld.with(knobs -> knobs.minIdle(1).maxSize(2));
        var first = world.lease("a");
        world.script(Operation.CREATE, Behaviour.fail(new IOException("no refill")));
        first.invalidate();
        world.settle();
        assertThat(world.stats("a").connectFailures())
                .as("the refill has failed")
                .isEqualTo(1);
        world.release(world.lease("a"));

        world.advance(ms(3_000));
        world.lease("a").invalidate();
        world.settle();

        assertThat(world.stats("a").idle()).as("refilled at once").isEqualTo(1);
        world.verify(2, 100);
    }

    /** It went on only when one of its own connects ended. */
    @Test
    void aWarmUpTakesAPermitThatCameFreeElsewhereAtTheNextSweep() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(2));
        var elsewhere = world.lease("b");
        world.holdConnects(true);
        var warmUp = world.pool.warmUp("a", 2);
        assertThat(world.stats("a").connecting()).isEqualTo(1);
        elsewhere.invalidate();
        world.connects.runNext(1); // the disposal

        world.advance(ms(1_000));
        assertThat(world.stats("a").connecting()).isEqualTo(2);

        world.holdConnects(false);
        assertThat(warmUp).isCompletedWithValue(2);
        world.verify(2, 2);
    }

    /** The future was left to a timer that was due at once; until then it kept others from connecting. */
    @Test
    void aFutureWithoutTimeIsOverAtOnceWhenAnInstantCheckFindsNothingAlive() {
        var world = new PoolWorld(ScriptedManager.<String>full().checkInstantly())
                .open(knobs -> knobs.alivenessBypass(Duration.ZERO));
        world.fill("a", 1);
        world.script(Operation.CHECK, Behaviour.answerNo());

        var future = world.pool.connectionAsync("a", Duration.ZERO);

        assertThat(future).isDone();
        assertThat(future.handle((lease, failure) -> failure).join()).isInstanceOf(AcquireTimeoutException.class);
        assertThat(world.stats("a").waiters()).isZero();
        world.verify(10, 100);
    }

    /** A connection that goes either way went for a new one of its own endpoint, past an endpoint that starved. */
    @Test
    void aConnectionThatMustGoForANewOneGoesForTheEndpointThatStarves() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).totalMaxSize(1).overtakeWindow(ms(100)));
        var lease = world.lease("a");
        var anew = world.pool.newConnectionAsync("a");
        var behind = world.ask("a");
        var starving = world.ask("b");

        world.release(lease);

        assertThat(starving).isDone();
        assertThat(anew).isNotDone();
        world.release(starving.join());
        assertThat(anew).as("next, since its endpoint starves from then on").isDone();
        world.release(anew.join());
        world.release(behind.join());
        world.verify(1, 1);
    }

    /** One past its lifetime hid that the next in order had to be checked: the one after that was handed out. */
    @Test
    void inOrderTheOneIdleLongestIsCheckedThoughAnOlderOneHasExpired() {
        var world = PoolWorld.with(knobs -> knobs.idleOrder(IdleOrder.FIFO)
                .backgroundCollector(false)
                .maxLifetime(ms(100))
                .alivenessBypass(ms(50)));
        var expires = world.lease("a");
        world.advance(ms(40));
        var second = world.lease("a");
        var third = world.lease("a");
        world.release(expires);
        var next = second.connection();
        world.release(second);
        world.advance(ms(50));
        world.release(third);
        world.advance(ms(15));

        var granted = world.lease("a");

        assertThat(granted.connection()).isSameAs(next);
        assertThat(world.manager.calls(Operation.CHECK)).isEqualTo(1);
        world.release(granted);
        world.verify(10, 100);
    }

    /** Whatever happened at the endpoint next gave it a younger one: a sweep, a call of an operator. */
    @Test
    void inOrderARequestWaitsForTheConnectionThatIsCheckedForIt() {
        var world = oneStaleAndOneUsable();
        var stale = world.server.connections("a").get(0);

        var waiting = world.ask("a");
        world.pool.resize("a", EndpointLimits.of(0, 10));
        world.settle();
        assertThat(waiting).isNotDone();

        world.holdConnects(false);
        assertThat(waiting.join().connection()).isSameAs(stale);
        world.release(waiting.join());
        world.verify(10, 100);
    }

    @Test
    void inOrderTheNextRequestTakesOverTheCheckWhileTheFirstTakesWhatIsIdle() {
        assertTheOlderOfTwoTakesWhatIsIdle(pool -> {}, pool -> {});
    }

    /** Found where an endpoint was resumed with both waiting: the older one got the check, the younger one what was idle. */
    @Test
    void inOrderOfTwoRequestsServedTogetherTheOlderTakesWhatIsIdleAndTheYoungerWaitsForTheCheck() {
        assertTheOlderOfTwoTakesWhatIsIdle(pool -> pool.suspend("a", SuspendMode.WAIT), pool -> pool.resume("a"));
    }

    /** What is done before the first and after the second of two requests makes no difference to who gets what. */
    private static void assertTheOlderOfTwoTakesWhatIsIdle(
            Consumer<ConnectionPool<String, ?>> before, Consumer<ConnectionPool<String, ?>> after) {
        var world = oneStaleAndOneUsable();
        var stale = world.server.connections("a").get(0);
        var usable = world.server.connections("a").get(1);

        before.accept(world.pool);
        var first = world.ask("a");
        var second = world.ask("a");
        after.accept(world.pool);
        world.settle();
        assertThat(first.join().connection()).isSameAs(usable);
        assertThat(second).isNotDone();

        world.holdConnects(false);
        assertThat(second.join().connection()).isSameAs(stale);
        world.release(first.join());
        world.release(second.join());
        world.verify(10, 100);
    }

    /** The first connection must be checked before its next lease, and checks do not end yet. */
    private static PoolWorld oneStaleAndOneUsable() {
        var world = PoolWorld.with(knobs ->
                knobs.idleOrder(IdleOrder.FIFO).backgroundCollector(false).alivenessBypass(ms(50)));
        var leases = world.leases("a", 2);
        world.release(leases.get(0));
        world.advance(ms(40));
        world.release(leases.get(1));
        world.advance(ms(20));
        world.holdConnects(true);
        return world;
    }
}
