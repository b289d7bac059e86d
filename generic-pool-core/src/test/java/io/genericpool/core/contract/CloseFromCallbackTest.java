package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A close that is called from inside the pool's own callbacks: it waits for all but what it is inside of. Shows I26.
 */
@SuppressWarnings({"FutureReturnValueIgnored", "unchecked"})
class CloseFromCallbackTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private PoolWorld world;
    private boolean hasClosed;
    private boolean hasReturned;
    private long took;
    private final List<String> grantedTooLate = new ArrayList<>();

    private void close() {
        if (hasClosed) {
            return;
        }
        hasClosed = true;
        long before = world.clock.nanoTime();
        world.pool.close(TIMEOUT);
        took = world.clock.nanoTime() - before;
        hasReturned = true;
    }

    private void got(Lease<String, FakeConnection<String>> lease) {
        if (hasReturned) {
            grantedTooLate.add(lease.toString());
        }
        lease.release();
    }

    static Stream<String> listenerMethods() {
        return Arrays.stream(PoolListener.class.getMethods())
                .map(method -> method.getName())
                .filter(name -> name.startsWith("on"));
    }

    private PoolListener<String> closingAt(String method) {
        return (PoolListener<String>) Proxy.newProxyInstance(
                PoolListener.class.getClassLoader(), new Class<?>[] {PoolListener.class}, (proxy, called, args) -> {
                    if (called.getName().equals(method)) {
                        close();
                    }
                    return null;
                });
    }

    @ParameterizedTest
    @MethodSource("listenerMethods")
    void afterACloseByAListenerNoLeaseIsGrantedAndItIsQuick(String method) {
        world = PoolWorld.with(knobs -> knobs.maxSize(2)
                .leakDetectionThreshold(Duration.ofMinutes(1))
                .connectGovernor(CircuitGovernor.builder()
                        .failFastAfter(1)
                        .backoffJitter(0)
                        .build())
                .listener(closingAt(method)));
        use();
        assertSound();
    }

    @Test
    void aCloseThatHearsOfAFailedDisposalDoesNotWaitForIt() {
        var manager = ScriptedManager.<String>plain();
        manager.script(Operation.DISPOSE).always(Behaviour.fail(new IOException("stuck")));
        world = new PoolWorld(manager);
        world.open(knobs -> knobs.maxSize(1).listener(closingAt("onHookFailed")));
        var lease = world.lease("a");

        lease.invalidate(null);
        world.settle();

        assertThat(hasReturned).isTrue();
        assertThat(took).isLessThan(TIMEOUT.toNanos() / 10);
    }

    @ParameterizedTest
    @EnumSource
    void afterACloseByAHookNoLeaseIsGrantedAndItIsQuick(Operation hook) {
        var manager = ScriptedManager.<String>full();
        world = new PoolWorld(manager)
                .open(knobs -> knobs.maxSize(2).alivenessBypass(Duration.ZERO).listener(closingAt("none")));
        manager.script(hook).always(Behaviour.perform(this::close));
        use();
        assertSound();
    }

    private void use() {
        attempt(() -> world.pool.connectionAsync("a").thenAccept(this::got));
        attempt(() -> world.pool.connectionAsync("a").thenAccept(this::got));
        world.settle();
        attempt(() -> got(world.pool.connection("a")));
        attempt(() -> world.pool.tryConnection("a").ifPresent(this::got));
        world.manager.script(Operation.CREATE, "down").next(Behaviour.fail(() -> new IOException("down")));
        attempt(() -> got(world.pool.connection("down")));
        attempt(() -> world.pool.use("a", connection -> {
            throw new IllegalStateException("by test");
        }));
        attempt(() -> {
            var signals = world.pool.connection("a");
            signals.invalidate();
        });
        world.settle();
    }

    private static void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            // closed by then, or made to fail
        }
    }

    private void assertSound() {
        assertThat(grantedTooLate).isEmpty();
        assertThat(Duration.ofNanos(took)).as("what the close took").isLessThan(TIMEOUT.dividedBy(2));
        if (!hasClosed) {
            world.pool.close(TIMEOUT);
        }
        world.settle();
        assertThat(world.pool.stats().total()).isZero();
        world.server.assertAllClosed();
        world.manager.assertNoViolations();
    }

    @Test
    void aRequestWhoseConnectIsToldToAListenerThatClosesFailsBeforeTheCloseReturns() {
        world = PoolWorld.with(knobs -> knobs.listener(closingAt("onConnectionCreated")));
        List<Boolean> orders = new ArrayList<>();
        CompletableFuture<?> asked =
                world.pool.connectionAsync("a").whenComplete((lease, failure) -> orders.add(hasReturned));
        world.settle();

        assertThat(asked).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(PoolClosedException.class);
        assertThat(orders).containsExactly(false);
        assertThat(took).isZero();
        assertSound();
    }

    @Test
    void aThreadThatClosesFromInsideItsOwnRequestDoesNotWaitForItself() {
        world = new PoolWorld();
        world.open(knobs -> knobs.connectExecutor(Runnable::run).listener(closingAt("onConnectionCreated")));

        assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> world.pool.connection("a"));

        assertThat(took).isZero();
        assertThat(world.pool.stats().rejected()).isOne();
        PoolWorld.assertBooks(world.pool.stats());
        assertSound();
    }

    @Test
    void aCloseInANestedCallbackOfOneConnectionWaitsForAnother() {
        world = PoolWorld.with(knobs -> knobs.maxSize(2)
                .connectGovernor(CircuitGovernor.builder()
                        .failFastAfter(1)
                        .backoffJitter(0)
                        .build())
                .listener(closingAt("onCircuitChanged"))); // told inside the governor, inside the connect
        var other = world.lease("b");
        world.clock.schedule(other::release, Duration.ofSeconds(1).toNanos());
        world.manager.script(Operation.CREATE, "down").next(Behaviour.fail(() -> new IOException("down")));
        world.ask("down");

        assertThat(hasReturned).isTrue();
        assertThat(Duration.ofNanos(took)).isEqualTo(Duration.ofSeconds(1));
        assertThat(world.pool.stats().leased()).isZero();
    }

    @Test
    void theListenerOfALeaseThatClosesMakesItsRequestFail() {
        world = PoolWorld.with(knobs -> knobs.listener(closingAt("onAcquired")));

        var asked = world.ask("a");

        assertThat(asked).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(PoolClosedException.class);
        assertSound();
    }
}
