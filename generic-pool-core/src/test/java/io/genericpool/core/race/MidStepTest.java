package io.genericpool.core.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.HookClock;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What comes in the middle of a step that takes no lock, between its looks and its compare-and-set: the test puts it
 * there, in place of another thread that would have to be lucky.
 */
class MidStepTest {
    private final List<CompletableFuture<Lease<String, FakeConnection<String>>>> asked = new ArrayList<>();

    private PoolWorld world;
    private HookClock clock;

    private void open(ScriptedManager<String> manager, Consumer<ConnectionPoolBuilder<String, ?>> knobs) {
        world = new PoolWorld(manager);
        clock = new HookClock(world.clock);
        world.open(builder -> {
            builder.clock(clock).backgroundCollector(false);
            knobs.accept(builder);
        });
    }

    private void ask(String endpoint) {
        asked.add(world.pool.connectionAsync(endpoint));
    }

    private Lease<String, FakeConnection<String>> served() {
        world.settle();
        assertThat(asked).singleElement().satisfies(future -> assertThat(future).isCompleted());
        return asked.get(0).join();
    }

    /** Shows I6. */
    @Test
    void aRequestThatQueuesWhileTheConnectionIsReleasedIsServed() {
        open(ScriptedManager.plain(), knobs -> knobs.maxSize(1));
        var lease = world.lease("a");

        clock.atNextReading(() -> ask("a"));
        lease.release();

        world.release(served());
        assertThat(world.server.createsStarted()).isOne();
        world.verify(1, 100);
    }

    /** Shows I7. */
    @Test
    void anEndpointThatBeginsToStarveWhileTheConnectionIsReleasedIsServed() {
        open(ScriptedManager.plain(), knobs -> knobs.maxSize(1).totalMaxSize(1));
        var lease = world.lease("a");

        clock.atNextReading(() -> ask("b"));
        lease.release();

        world.release(served());
        world.verify(1, 1);
    }

    /** Shows I8. */
    @Test
    void whoQueuesWhileAConnectionIsCheckedAtOnceHasItBeforeTheCaller() {
        open(ScriptedManager.<String>full().checkInstantly(), knobs -> knobs.maxSize(1)
                .alivenessBypass(Duration.ZERO));
        world.release(world.lease("a"));
        world.script(Operation.CHECK, Behaviour.perform(() -> ask("a")));

        assertThat(world.pool.tryConnection("a")).isEmpty();

        world.release(served());
        assertThat(world.server.createsStarted()).isOne();
        world.verify(1, 100);
    }

    @Test
    void aConnectionWhoseCheckAtOnceFailsIsDisposedAndTheCallerGetsNone() {
        open(ScriptedManager.<String>full().checkInstantly(), knobs -> knobs.alivenessBypass(Duration.ZERO));
        world.release(world.lease("a"));
        world.script(Operation.CHECK, Behaviour.fail(new IOException("no answer")));

        assertThat(world.pool.tryConnection("a")).isEmpty();
        world.settle();

        assertThat(world.pool.stats().hookFailures()).isOne();
        assertThat(world.pool.stats().disposed(DisposeReason.DEAD)).isOne();
        world.verify(10, 100);
    }

    @Test
    void aLeaseThatAClosedPoolRevokesOnItsWayFailsItsRequest() {
        open(ScriptedManager.full(), knobs -> knobs.maxSize(1));
        var lease = world.lease("a");
        ask("a");
        world.holdCompletions(true);
        lease.release();
        assertThat(world.stats("a").leased()).as("on its way to the future").isOne();

        var report = world.pool.close(Duration.ZERO);
        assertThat(report.revoked()).isOne();
        world.holdCompletions(false);

        assertThatThrownBy(() -> asked.get(0).join()).hasCauseInstanceOf(PoolClosedException.class);
        world.verify(1, 100);
    }

    /** Shows I40: the close begins to dispose a slice of the idle connections, and the rest cannot be taken either. */
    @Test
    void anAcquireThatACloseOvertakesGetsNoLease() {
        open(ScriptedManager.plain(), knobs -> knobs.maxSize(100));
        world.pool.warmUp("a", 100);
        world.settle();
        assertThat(world.pool.stats().idle()).isEqualTo(100);

        clock.atNextReading(() -> world.pool.close(Duration.ZERO));

        assertThatThrownBy(() -> world.pool.connection("a", Duration.ofSeconds(1)))
                .isInstanceOf(PoolClosedException.class);
        world.settle();
        assertThat(world.pool.stats().total()).isZero();
        assertThat(world.pool.stats().disposed(DisposeReason.CLOSED)).isEqualTo(100);
    }
}
