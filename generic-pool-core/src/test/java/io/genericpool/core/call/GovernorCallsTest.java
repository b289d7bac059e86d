package io.genericpool.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.core.support.ThrowingGovernor;
import io.genericpool.event.CircuitEvent;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.CircuitObserver;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of a governor's methods are called when, and what comes of it when they fail. */
@SuppressWarnings("FutureReturnValueIgnored") // the governor sees what comes of them
class GovernorCallsTest {
    private final List<String> told = new ArrayList<>();

    /** Writes down how connects ended and who observes. */
    private class Diary implements ConnectGovernor<String> {
        private CircuitObserver<? super String> observer;

        @Override
        public Verdict beforeConnect(String endpoint, long nowNanos) {
            return Verdict.proceed();
        }

        @Override
        public void onConnected(String endpoint, long nowNanos) {
            told.add("connected " + endpoint);
        }

        @Override
        public void onConnectFailed(String endpoint, long nowNanos, Throwable cause) {
            told.add("failed " + endpoint + ": " + cause.getMessage());
        }

        @Override
        public void onConnectCancelled(String endpoint, long nowNanos) {
            told.add("cancelled " + endpoint);
        }

        @Override
        public Runnable observe(CircuitObserver<? super String> given) {
            observer = given;
            return () -> told.add("observed no longer");
        }

        @Override
        public void onEndpointRemoved(String endpoint) {
            told.add("removed " + endpoint);
        }
    }

    /** Writes down what events say of hooks and circuits. */
    private final class Listener implements PoolListener<String> {
        @Override
        public void onHookFailed(ConnectionEvent<String> event) {
            told.add(event.operation());
        }

        @Override
        public void onCircuitChanged(CircuitEvent<String> event) {
            told.add("circuit " + event.before() + " to " + event.after());
        }
    }

    private List<String> told() {
        var lines = List.copyOf(told);
        told.clear();
        return lines;
    }

    @Test
    void itHearsHowEachConnectEndedAndWhichEndpointsHaveLeft() {
        var world = PoolWorld.with(
                knobs -> knobs.connectGovernor(new Diary()).maxSize(1).backgroundCollector(false));
        world.release(world.lease("a"));
        assertThat(told()).containsExactly("connected a");

        world.script(Operation.CREATE, Behaviour.fail(new IOException("refused")));
        assertThatThrownBy(() -> world.pool.connection("b")).isNotNull();
        world.settle();
        assertThat(told()).containsExactly("failed b: refused", "removed b");

        world.pool.evict("a");
        world.settle();
        assertThat(told()).containsExactly("removed a");
        world.verify(1, 100);
        assertThat(told()).containsExactly("observed no longer");
    }

    @Test
    void aConnectThatTheCloseHasBrokenOffIsNotHeldAgainstTheEndpoint() {
        var world = PoolWorld.with(knobs -> knobs.connectGovernor(new Diary()));
        world.script(Operation.CREATE, Behaviour.fail(new IOException("closed")));
        world.holdConnects(true);
        world.ask("a");

        world.pool.close(Duration.ZERO);
        world.holdConnects(false);

        assertThat(told()).contains("cancelled a").noneMatch(line -> line.startsWith("failed"));
        world.verify(10, 100);
    }

    @Test
    void whatItSaysOfCircuitsIsPassedOnForEndpointsOfThisPoolUntilTheClose() {
        var governor = new Diary();
        var world = PoolWorld.with(knobs -> knobs.connectGovernor(governor).listener(new Listener()));
        world.release(world.lease("a"));
        told();

        governor.observer.circuitChanged("a", CircuitState.OPEN, CircuitStats.closed());
        assertThat(told()).containsExactly("circuit OPEN to CLOSED");
        governor.observer.circuitChanged("of another pool", CircuitState.OPEN, CircuitStats.closed());
        assertThat(told()).isEmpty();

        world.verify(10, 100);
        told();
        governor.observer.circuitChanged("a", CircuitState.OPEN, CircuitStats.closed());
        assertThat(told()).isEmpty();
    }

    @Test
    void oneThatFailsWhateverItIsAskedIsNamedByTheCallAndHarmsNobody() {
        var world = PoolWorld.with(knobs ->
                knobs.connectGovernor(ThrowingGovernor.ofErrors()).maxSize(1).listener(new Listener()));
        world.release(world.lease("a"));
        assertThat(told()).containsExactly("beforeConnect", "connectGovernor");

        assertThat(world.stats("a").circuit().state()).isEqualTo(CircuitState.CLOSED);
        assertThat(told()).containsExactly("circuit");
        world.script(Operation.CREATE, Behaviour.fail(new IOException("refused")));
        assertThatThrownBy(() -> world.pool.connection("b")).hasMessageContaining("refused");
        world.settle();
        assertThat(told()).containsExactly("beforeConnect", "connectGovernor", "peek", "onEndpointRemoved", "circuit");
        world.verify(1, 100);
    }

    @Test
    void oneWhoseObservationCannotBeEndedDoesNotKeepThePoolFromClosing() {
        var world = PoolWorld.with(knobs -> knobs.connectGovernor(new Diary() {
            @Override
            public Runnable observe(CircuitObserver<? super String> given) {
                return () -> {
                    told.add("asked to end");
                    throw new IllegalStateException("cannot be ended");
                };
            }
        }));
        world.release(world.lease("a"));
        told();
        world.verify(10, 100);
        assertThat(told()).contains("asked to end");
    }
}
