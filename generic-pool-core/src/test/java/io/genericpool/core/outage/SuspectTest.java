package io.genericpool.core.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.Lease;
import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedAsyncManager;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a connection dies of an error, those that were there before are not trusted any more. Shows I18. */
class SuspectTest {
    private static final String A = "a";
    private static final IOException RESET = new IOException("connection reset");

    private final PoolWorld world = new PoolWorld();

    private PoolWorld open() {
        return open(world, knobs -> {});
    }

    /** Nothing is checked but for suspicion. */
    private static PoolWorld open(
            PoolWorld world, Consumer<ConnectionPoolBuilder<String, FakeConnection<String>>> more) {
        return world.open(knobs -> more.accept(knobs.alivenessBypass(PoolConfig.NO_LIMIT)));
    }

    private long checks() {
        return world.manager.calls(Operation.CHECK);
    }

    private void useAll(int count) {
        world.leases(A, count).forEach(world::release);
    }

    @Test
    void whenALeasedConnectionDiesOfAnErrorEachOlderIdleOneIsCheckedOnceBeforeItsNextUse() {
        open();
        var idle = world.fill(A, 4);
        var held = world.lease(A);
        held.connection().breakFromServer(RESET);
        assertThat(checks()).isZero();

        var leases = world.leases(A, 3);

        assertThat(checks()).isEqualTo(3);
        assertThat(leases).extracting(Lease::connection).isSubsetOf(idle);
        leases.forEach(world::release);
        useAll(3);
        assertThat(checks()).as("once is enough").isEqualTo(3);
        world.release(held);
        world.verify(10, 100);
    }

    @Test
    void whenAnIdleConnectionDiesOfAnErrorTheOthersAreSuspectsToo() {
        open();
        var idle = world.fill(A, 3);
        idle.get(2).stopAnswering();
        idle.get(0).breakFromServer(RESET);
        world.settle();

        var lease = world.lease(A);
        var other = world.lease(A);

        assertThat(List.of(lease.connection(), other.connection()))
                .contains(idle.get(1))
                .doesNotContain(idle.get(2));
        assertThat(checks()).isEqualTo(2);
        assertThat(world.server.disposed(DisposeReason.DEAD)).isEqualTo(2);
        world.release(lease);
        world.release(other);
        world.verify(10, 100);
    }

    @Test
    void anOrderlyCloseMakesNobodySuspect() {
        open();
        var idle = world.fill(A, 4);
        idle.get(0).breakFromServer();
        world.lease(A).connection().signals().dead(null);
        world.settle();
        useAll(2);
        assertThat(checks()).isZero();
        world.verify(10, 100);
    }

    @Test
    void aConnectionThatIsDoubtedIsCheckedOnceBeforeItsNextUse() {
        open();
        var idle = world.fill(A, 2);
        var held = world.lease(A);
        assertThat(idle).contains(held.connection());
        idle.forEach(connection -> connection.signals().suspect());
        world.settle();
        assertThat(checks()).as("no lease wants it yet").isZero();
        assertThat(idle).allMatch(FakeConnection::isOpen);

        world.release(held); // its lease goes on meanwhile
        useAll(2);
        assertThat(checks()).isEqualTo(2);
        useAll(2);
        assertThat(checks()).as("once is enough").isEqualTo(2);
        world.verify(10, 100);
    }

    @Test
    void aDoubtDuringACheckWantsAnotherCheck() {
        open();
        var connection = world.fill(A, 1).get(0);
        connection.signals().suspect();
        world.holdConnects(true);
        var request = world.ask(A);
        connection.signals().suspect();
        world.holdConnects(false);
        assertThat(request.join().connection()).isSameAs(connection);
        assertThat(checks()).isEqualTo(2);
        world.release(request.join());
        world.verify(10, 100);
    }

    @Test
    void otherEndpointsAreNotConcerned() {
        open();
        world.fill("b", 2);
        world.fill(A, 2).get(0).breakFromServer(RESET);
        world.leases("b", 2).forEach(world::release);
        assertThat(checks()).isZero();
        world.verify(10, 100);
    }

    @Test
    void aConnectionThatWasLeasedMeanwhileIsCheckedAfterItsRelease() {
        open();
        var leases = world.leases(A, 2);
        var survivor = leases.get(1).connection();
        leases.get(0).connection().breakFromServer(RESET);
        world.release(leases.get(1));
        assertThat(checks()).isZero();
        var again = world.lease(A);
        assertThat(again.connection()).isSameAs(survivor);
        assertThat(checks()).isOne();
        world.release(again);
        world.release(leases.get(0));
        world.verify(10, 100);
    }

    @Test
    void aWaiterTakesAReleasedSuspectAfterItsCheck() {
        open(world, knobs -> knobs.maxSize(2));
        var leases = world.leases(A, 2);
        var waiting = world.ask(A);
        leases.get(0).connection().breakFromServer(RESET);
        world.settle();
        world.holdConnects(true);
        leases.get(1).release();
        world.settle();
        assertThat(waiting).isNotDone();
        world.holdConnects(false);
        assertThat(checks()).isOne();
        world.release(waiting.join());
        world.release(leases.get(0));
        world.verify(2, 100);
    }

    @Test
    void connectionsMadeSinceTheFirstDeathAreNotSuspectedForTheNextOnesOfTheSameOutage() {
        open();
        var old = world.leases(A, 3);
        old.get(0).connection().breakFromServer(RESET);
        world.release(world.lease(A)); // made since
        old.get(1).connection().breakFromServer(RESET);
        old.get(2).connection().breakFromServer(RESET);
        world.release(world.lease(A));
        assertThat(checks()).isZero();
        old.forEach(world::release);
        world.verify(10, 100);
    }

    @Test
    void theDeathOfAConnectionMadeSinceBeginsANewSuspicion() {
        open();
        var first = world.leases(A, 2);
        first.get(0).connection().breakFromServer(RESET);
        var since = world.leases(A, 2);
        world.release(since.get(0));
        since.get(1).connection().breakFromServer(RESET);
        world.release(world.lease(A));
        assertThat(checks()).isOne();
        world.release(since.get(1));
        first.forEach(world::release);
        world.verify(10, 100);
    }

    @Test
    void aConnectInFlightIsNotSuspected() {
        var gate = new Gate();
        var world = open(new PoolWorld(new ScriptedAsyncManager<>()), knobs -> {});
        var held = world.lease(A);
        world.script(Operation.CREATE, Behaviour.hang(gate));
        var request = world.ask(A);
        held.connection().breakFromServer(RESET);
        gate.open();
        world.settle();
        assertThat(request).isDone();
        assertThat(world.manager.calls(Operation.CHECK)).isZero();
        world.release(request.join());
        world.release(held);
        world.verify(10, 100);
    }

    @Test
    void aCheckThatBeganBeforeTheDeathDoesNotLiftTheSuspicion() {
        var world =
                new PoolWorld(new ScriptedAsyncManager<>()).open(knobs -> knobs.alivenessBypass(Duration.ofSeconds(1)));
        var idle = world.fill(A, 2);
        world.advance(Duration.ofSeconds(5));
        var gate = new Gate();
        world.script(Operation.CHECK, Behaviour.hang(gate));
        var request = world.ask(A);
        idle.get(idle.get(0).history().contains(Operation.CHECK) ? 1 : 0).breakFromServer(RESET);
        world.settle();
        gate.open();
        world.settle();
        assertThat(request).isDone().isNotCompletedExceptionally();
        assertThat(world.manager.calls(Operation.CHECK)).isEqualTo(2);
        world.release(request.join());
        world.verify(10, 100);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANSWERS_NO", "THROWS", "OVERRUNS"})
    void aConnectionThatACheckFindsDeadMakesTheOthersSuspect(FailedCheck how) {
        var gate = new Gate();
        var world = new PoolWorld(new ScriptedAsyncManager<>())
                .open(knobs -> knobs.alivenessBypass(Duration.ofSeconds(2)).checkTimeout(Duration.ofMillis(100)));
        var leases = world.leases(A, 3);
        world.release(leases.get(0));
        world.advance(Duration.ofSeconds(5));
        world.release(leases.get(1));
        world.release(leases.get(2));
        // Two are fresh enough to be used as they are; of those that are not, one is found dead.
        var fresh = List.of(world.lease(A), world.lease(A));
        assertThat(world.manager.calls(Operation.CHECK)).isZero();
        world.script(
                Operation.CHECK,
                switch (how) {
                    case ANSWERS_NO -> Behaviour.answerNo();
                    case THROWS -> Behaviour.fail(RESET);
                    case OVERRUNS -> Behaviour.hang(gate);
                });
        var request = world.ask(A);
        world.advance(Duration.ofMillis(100));
        world.release(request.join());
        fresh.forEach(world::release);

        world.leases(A, 3).forEach(world::release);

        assertThat(world.manager.calls(Operation.CHECK))
                .as("the failed one and the two")
                .isEqualTo(3);
        gate.open();
        world.verify(10, 100);
    }

    enum FailedCheck {
        ANSWERS_NO,
        THROWS,
        OVERRUNS
    }

    @Test
    void suspectsThatAreFoundDeadTooDoNotBeginANewSuspicion() {
        open(world, knobs -> knobs.maxSize(8));
        var idle = world.fill(A, 8);
        for (int i = 0; i < 8; i += 2) {
            idle.get(i).stopAnswering();
        }
        idle.get(0).signals().dead(RESET);
        world.settle();
        var leases = world.leases(A, 8);
        assertThat(checks()).as("each suspect once").isEqualTo(7);
        leases.forEach(world::release);
        world.verify(8, 100);
    }

    @Test
    void suspectsThatSignalTheirDeathWhileTheyAreCheckedDoNotBeginANewSuspicion() {
        open(world, knobs -> knobs.maxSize(3));
        var idle = world.fill(A, 3);
        idle.get(0).signals().dead(RESET);
        world.settle();
        world.manager.script(Operation.CHECK).next(Behaviour.succeed(), Behaviour.perform(() -> idle.stream()
                .filter(SuspectTest::isBeingChecked)
                .forEach(connection -> connection.signals().dead(RESET))));
        var alive = world.lease(A);
        var other = world.lease(A);
        world.release(alive);
        world.release(world.lease(A));
        assertThat(checks()).as("the one found alive is not checked again").isEqualTo(2);
        world.release(other);
        world.verify(3, 100);
    }

    private static boolean isBeingChecked(FakeConnection<String> connection) {
        var calls = connection.history();
        return calls.get(calls.size() - 1) == Operation.CHECK;
    }

    @Test
    void aFailureThatTheManagerKnowsToBeFatalMakesTheOthersSuspect() {
        world.manager.fatalIf(failure -> failure instanceof IOException);
        open();
        world.fill(A, 3);
        world.lease(A).invalidate(new IllegalStateException("the user's own"));
        world.release(world.lease(A));
        assertThat(checks()).isZero();
        world.lease(A).invalidate(RESET);
        world.release(world.lease(A));
        assertThat(checks()).isOne();
        world.verify(10, 100);
    }

    @Test
    void aFailureOfUseThatTheManagerKnowsToBeFatalMakesTheOthersSuspect() {
        world.manager.fatalIf(failure -> failure instanceof IOException);
        open();
        world.fill(A, 3);
        useAndFail(new IllegalArgumentException("the user's own"));
        useAll(2);
        assertThat(checks()).isZero();
        useAndFail(RESET);
        useAll(2);
        assertThat(checks()).isEqualTo(2);
        assertThat(world.manager.calls(Operation.IS_FATAL))
                .as("asked once each")
                .isEqualTo(2);
        world.verify(10, 100);
    }

    private void useAndFail(Exception failure) {
        try {
            world.pool.use(A, connection -> {
                throw failure;
            });
        } catch (Exception e) {
            assertThat(e).isSameAs(failure);
        }
        world.settle();
    }

    @Test
    void aManagerThatKnowsNothingOfFailuresMakesNobodySuspectByThem() {
        var world = open(new PoolWorld(ScriptedManager.plain()), knobs -> {});
        world.fill(A, 3);
        world.lease(A).invalidate(RESET);
        assertThat(world.stats(A).idle()).isEqualTo(2);
        world.verify(10, 100);
    }

    @Test
    void withAnInstantCheckASuspectIsCheckedByTheAcquireItself() {
        world.manager.checkInstantly();
        open();
        var idle = world.fill(A, 3);
        idle.get(1).stopAnswering();
        idle.get(0).breakFromServer(RESET);
        assertThat(checks()).as("none on the thread of the signal").isZero();
        var lease = world.pool.tryConnection(A);
        assertThat(lease).isPresent();
        assertThat(lease.get().connection()).isSameAs(idle.get(2));
        assertThat(world.pool.tryConnection(A)).isEmpty();
        lease.get().release();
        world.verify(10, 100);
    }

    @Test
    void whoWantsAnIdleOneOrNothingDoesNotGetASuspect() {
        open();
        world.fill(A, 2).get(0).breakFromServer(RESET);
        assertThat(world.pool.tryConnection(A)).isEmpty();
        assertThat(world.ask(A, Duration.ZERO)).isCompletedExceptionally();
        world.release(world.lease(A));
        assertThat(world.pool.tryConnection(A)).hasValueSatisfying(Lease::release);
        world.verify(10, 100);
    }

    // ---- managers without a check

    /** Signals, but has no check. */
    private static final class Signalling implements ConnectionManager<String, Signalling.Connection> {
        final List<DisposeReason> disposed = new ArrayList<>();

        static final class Connection {
            @Nullable
            ConnectionSignals signals;
        }

        @Override
        public Connection create(String endpoint, Duration timeout) {
            return new Connection();
        }

        @Override
        public void bind(String endpoint, Connection connection, ConnectionSignals signals) {
            connection.signals = signals;
        }

        @Override
        public void dispose(String endpoint, Connection connection, Duration timeout) {}

        @Override
        public void dispose(String endpoint, Connection connection, DisposeReason reason, Duration timeout) {
            disposed.add(reason);
        }
    }

    @Test
    void withoutACheckADoubtedOneIsRetired() {
        var manager = new Signalling();
        var tasks = new ManualExecutor();
        ConnectionPool<String, Signalling.Connection> pool = ConnectionPools.builder(manager)
                .clock(new FakePoolClock())
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .build();
        var first = pool.connectionAsync(A);
        tasks.runAll();
        var lease = first.join();
        lease.connection().signals.suspect();
        tasks.runAll();
        assertThat(manager.disposed).isEmpty();
        lease.release();
        tasks.runAll();
        assertThat(manager.disposed).containsExactly(DisposeReason.MAX_LEASES);
        pool.close(Duration.ZERO);
        tasks.runAll();
    }

    @Test
    void withoutACheckOlderOnesAreDroppedIdleOnesAtOnceLeasedOnesAtTheirRelease() {
        var manager = new Signalling();
        var tasks = new ManualExecutor();
        ConnectionPool<String, Signalling.Connection> pool = ConnectionPools.builder(manager)
                .clock(new FakePoolClock())
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .build();
        var requests = List.of(pool.connectionAsync(A), pool.connectionAsync(A), pool.connectionAsync(A));
        tasks.runAll();
        var dying = requests.get(0).join();
        var held = requests.get(1).join();
        requests.get(2).join().release();
        assertThat(pool.stats().idle()).isOne();

        dying.connection().signals.dead(RESET);
        tasks.runAll();

        assertThat(manager.disposed).containsExactly(DisposeReason.EVICTED);
        var since = pool.connectionAsync(A);
        tasks.runAll();
        since.join().release();
        held.release();
        dying.release();
        tasks.runAll();
        assertThat(manager.disposed).containsExactly(DisposeReason.EVICTED, DisposeReason.EVICTED, DisposeReason.DEAD);
        assertThat(pool.tryConnection(A)).as("made since").hasValueSatisfying(Lease::release);
        pool.close(Duration.ZERO);
        tasks.runAll();
    }
}
