package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What events say, to the millisecond of virtual time. */
class PoolEventsTest {
    private final List<String> told = new ArrayList<>();
    private final PoolWorld world = new PoolWorld();

    /** Writes each event down as a line, and empties the list when it is asked for what was told. */
    private final class Diary implements PoolListener<String> {
        private void note(String what, ConnectionEvent<String> e) {
            told.add(what + " " + e.endpointLabel() + " " + e.operation() + " " + millis(e.duration())
                    + e.reason().map(reason -> " " + reason).orElse("") + " leases " + e.leases()
                    + e.failure().map(failure -> " " + failure.getMessage()).orElse(""));
        }

        private void note(String what, LeaseEvent<String> e) {
            told.add(what + " " + e.endpointLabel() + " " + millis(e.duration()) + (e.isReused() ? " reused" : "")
                    + (e.hasWaited() ? " waited" : "")
                    + (e.isInvalidated() ? " invalidated" : "")
                    + e.holder().map(holder -> " held").orElse("")
                    + e.failure()
                            .map(failure -> " " + failure.getClass().getSimpleName())
                            .orElse(""));
        }

        private String millis(Duration time) {
            return time.toMillis() + "ms";
        }

        @Override
        public void onConnectionCreated(ConnectionEvent<String> event) {
            note("created", event);
        }

        @Override
        public void onConnectFailed(ConnectionEvent<String> event) {
            note("connect failed", event);
        }

        @Override
        public void onConnectionDisposed(ConnectionEvent<String> event) {
            note("disposed", event);
        }

        @Override
        public void onConnectionAbandoned(ConnectionEvent<String> event) {
            note("abandoned", event);
        }

        @Override
        public void onAcquired(LeaseEvent<String> event) {
            note("acquired", event);
        }

        @Override
        public void onReleased(LeaseEvent<String> event) {
            note("released", event);
        }

        @Override
        public void onAcquireFailed(LeaseEvent<String> event) {
            note("acquire failed", event);
        }

        @Override
        public void onLeakDetected(LeaseEvent<String> event) {
            note("leak", event);
        }

        @Override
        public void onHookFailed(ConnectionEvent<String> event) {
            note("hook failed", event);
        }
    }

    private void open(Consumer<ConnectionPoolBuilder<String, ?>> knobs) {
        world.open(builder -> {
            builder.listener(new Diary()).maxSize(1).backgroundCollector(false);
            knobs.accept(builder);
        });
    }

    private List<String> told() {
        var lines = List.copyOf(told);
        told.clear();
        return lines;
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void aLeaseByABlockingCallThatConnects() {
        open(knobs -> {});
        world.script(Operation.CREATE, Behaviour.take(world.clock, ms(30)));

        var lease = world.lease("a");
        assertThat(told()).containsExactly("created a create 30ms leases 0", "acquired a 30ms waited");
        world.advance(ms(70));
        world.release(lease);
        assertThat(told()).containsExactly("released a 70ms");

        world.advance(ms(5));
        lease = world.lease("a");
        assertThat(told()).containsExactly("acquired a 0ms reused");
        world.advance(ms(20));
        lease.invalidate();
        world.settle();
        assertThat(told())
                .containsExactly("released a 20ms reused invalidated", "disposed a dispose 95ms INVALIDATED leases 2");
        world.verify(1, 100);
    }

    @Test
    void aLeaseByAFutureThatWaited() {
        open(knobs -> {});
        var held = world.lease("a");
        told();

        var waiting = world.ask("a");
        world.advance(ms(40));
        world.release(held);
        assertThat(waiting).isDone();
        assertThat(told()).containsExactly("released a 40ms", "acquired a 40ms reused waited");
        world.advance(ms(10));
        waiting.join().release();
        assertThat(told()).containsExactly("released a 10ms reused");
        world.verify(1, 100);
    }

    @Test
    void requestsThatFail() {
        open(knobs -> {});
        var held = world.lease("a");
        told();

        assertThatThrownBy(() -> world.pool.connection("a", ms(25))).isNotNull();
        assertThat(told()).containsExactly("acquire failed a 25ms waited AcquireTimeoutException");
        world.ask("a", ms(15));
        world.advance(ms(15));
        assertThat(told()).containsExactly("acquire failed a 15ms waited AcquireTimeoutException");

        held.invalidate();
        world.settle();
        told();
        world.script(
                Operation.CREATE, Behaviour.take(world.clock, ms(30)).then(Behaviour.fail(new IOException("refused"))));
        assertThatThrownBy(() -> world.pool.connection("a")).isNotNull();
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "connect failed a create 30ms leases 0 refused",
                        "acquire failed a 30ms waited ConnectionCreateException");
        world.verify(1, 100);
    }

    @Test
    void aConnectionThatCannotBePrepared() {
        open(knobs -> {});
        world.release(world.lease("a"));
        told();
        world.script(
                Operation.ON_ACQUIRE,
                Behaviour.take(world.clock, ms(12)).then(Behaviour.fail(new IOException("no such schema"))));

        assertThatThrownBy(() -> world.pool.connection("a")).isNotNull();
        world.settle();
        assertThat(told())
                .containsExactly(
                        "hook failed a onAcquire 0ms leases 0 no such schema",
                        "acquire failed a 0ms ConnectionCreateException",
                        "disposed a dispose 12ms HOOK_FAILED leases 1");

        world.script(Operation.CREATE, Behaviour.take(world.clock, ms(8)));
        world.script(Operation.ON_ACQUIRE, Behaviour.fail(new IOException("no such schema")));
        assertThatThrownBy(() -> world.pool.connection("a")).isNotNull();
        assertThat(told())
                .contains("created a create 8ms leases 0", "acquire failed a 8ms waited ConnectionCreateException");
        world.settle();
        world.verify(1, 100);
    }

    @Test
    void aLeaseThatIsHeldTooLong() {
        world.open(knobs -> knobs.listener(new Diary()).leakDetectionThreshold(Duration.ofSeconds(2)));
        world.release(world.lease("a"));
        var leaked = world.lease("a");
        told();
        world.advance(Duration.ofSeconds(4));
        assertThat(told()).singleElement().asString().matches("leak a [23][0-9]{3}ms reused held");
        leaked.release();
        told();

        var first = world.pool.newConnection("b");
        told();
        world.advance(Duration.ofSeconds(4));
        assertThat(told()).singleElement().asString().matches("leak b [23][0-9]{3}ms held");
        first.release();
        world.verify(10, 100);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "CHECK", "RESET", "DISPOSE"})
    void aCallThatDoesNotComeBack(Operation operation) {
        var gate = new Gate();
        var deaf = new PoolWorld(new ScriptedAsyncManager<>());
        deaf.open(knobs -> knobs.listener(new Diary())
                .maxSize(1)
                .alivenessBypass(Duration.ZERO)
                .resetTimeout(ms(700))
                .backgroundCollector(false));
        if (operation == Operation.CHECK) {
            deaf.release(deaf.lease("a"));
        }
        deaf.script(operation, Behaviour.hangIgnoringInterrupts(gate));
        if (operation == Operation.RESET || operation == Operation.DISPOSE) {
            var lease = deaf.lease("a");
            if (operation == Operation.DISPOSE) {
                lease.invalidate();
            } else {
                lease.release();
            }
            deaf.settle();
        } else {
            deaf.ask("a", ms(300));
        }
        told();

        deaf.advance(Duration.ofHours(1));
        gate.open();
        deaf.settle();

        assertThat(told())
                .filteredOn(line -> line.startsWith("abandoned"))
                .singleElement()
                .asString()
                .matches("abandoned a (create|checkAliveness|resetAsync|dispose)(Async)? 0ms leases 0 .* took longer"
                        + " than its timeout of [0-9]+ m?s");
        assertThat(deaf.pool.stats().abandoned()).as("they have come back").isZero();
        deaf.verify(1, 100);
    }
}
