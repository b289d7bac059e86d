package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScriptedManagerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final ScriptedManager<String> manager = ScriptedManager.full();
    private final FakeServer<String> server = manager.server();

    @Test
    void countsConnectionsFromTheBeginningOfCreateToTheEndOfDispose() throws Exception {
        var gate = new Gate();
        manager.script(Operation.CREATE).next(Behaviour.hang(gate));
        var created = inThread(() -> manager.create("a", TIMEOUT));
        gate.awaitEntered(1);
        assertThat(server.open("a")).isEqualTo(1);
        assertThat(server.createsStarted("a")).isEqualTo(1);
        assertThat(server.created("a")).isZero();
        gate.open();
        var connection = created.get(20, TimeUnit.SECONDS);
        assertThat(server.connections("a")).containsExactly(connection);
        assertThat(connection.isOpen()).isTrue();

        var closing = new Gate();
        manager.script(Operation.DISPOSE).next(Behaviour.hang(closing));
        var disposed = inThread(() -> {
            manager.dispose("a", connection, DisposeReason.PRESSURE, TIMEOUT);
            return true;
        });
        closing.awaitEntered(1);
        assertThat(server.open()).isEqualTo(1);
        closing.open();
        disposed.get(20, TimeUnit.SECONDS);
        assertThat(server.open()).isZero();
        assertThat(server.maxOpen("a")).isEqualTo(1);
        assertThat(server.disposed(DisposeReason.PRESSURE)).isEqualTo(1);
        server.assertAllClosed();
        server.assertWithin(1, 1);
        assertThatThrownBy(() -> server.assertWithin(1, 0)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> server.assertWithin(0, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void playsItsScriptsTheOneForTheEndpointFirst() throws Exception {
        var general = new IOException("general");
        var special = new LinkageError("special");
        manager.script(Operation.CREATE).next(Behaviour.fail(general), Behaviour.returnNull());
        manager.script(Operation.CREATE, "a").next(Behaviour.fail(special));
        assertThatThrownBy(() -> manager.create("a", TIMEOUT)).isSameAs(special);
        assertThatThrownBy(() -> manager.create("a", TIMEOUT)).isSameAs(general);
        assertThat(manager.create("b", TIMEOUT)).isNull();
        assertThat(manager.create("b", TIMEOUT)).isNotNull();
        assertThat(server.open()).isEqualTo(1);
        manager.script(Operation.CREATE).always(Behaviour.fail(general));
        assertThatThrownBy(() -> manager.create("b", TIMEOUT)).isSameAs(general);
        manager.script(Operation.CREATE).reset();
        manager.create("b", TIMEOUT);
        assertThat(manager.calls(Operation.CREATE)).isEqualTo(6);
    }

    @Test
    void aHangThatHonoursInterruptsEndsAndAnotherDoesNot() throws Exception {
        var polite = new Gate();
        var rude = new Gate();
        manager.script(Operation.CREATE).next(Behaviour.hang(polite), Behaviour.hangIgnoringInterrupts(rude));
        var first = new CompletableFuture<Boolean>();
        var thread = thread(() -> manager.create("a", TIMEOUT), first);
        polite.awaitEntered(1);
        thread.interrupt();
        assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        assertThat(server.open()).isZero();
        assertThat(polite.interrupts()).isEqualTo(1);

        var second = new CompletableFuture<Boolean>();
        var stubborn = thread(() -> manager.create("a", TIMEOUT), second);
        rude.awaitEntered(1);
        stubborn.interrupt();
        rude.awaitInterrupted(1);
        assertThat(second).isNotDone();
        rude.open();
        assertThat(second.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(rude.interrupts()).isEqualTo(1);
    }

    @Test
    void takesVirtualTime() throws Exception {
        var clock = new FakePoolClock();
        manager.script(Operation.CREATE).next(Behaviour.take(clock, Duration.ofSeconds(2)));
        manager.create("a", TIMEOUT);
        assertThat(clock.nanoTime()).isEqualTo(2_000_000_000L);
    }

    @Test
    void theDocumentedOrderIsNoViolation() throws Exception {
        var connection = leased();
        try (var use = connection.use()) {
            assertThat(use).isNotNull();
        }
        manager.onRelease("a", connection);
        assertThat(manager.resetAsync("a", connection) == ConnectionManager.NO_RESET)
                .isTrue();
        assertThat(manager.checkAliveness("a", connection, TIMEOUT)).isTrue();
        connection.stopAnswering();
        assertThat(manager.checkAliveness("a", connection, TIMEOUT)).isFalse();
        manager.onConnectionDead("a", connection);
        manager.dispose("a", connection, DisposeReason.DEAD, TIMEOUT);
        manager.assertNoViolations();
    }

    @Test
    void noticesHooksOutOfOrder() throws Exception {
        var connection = manager.create("a", TIMEOUT);
        manager.onAcquire("a", connection);
        assertThat(manager.violations()).hasSize(1).first().asString().contains("ON_ACQUIRE while NEW");
        assertThatThrownBy(manager::assertNoViolations)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a#1")
                .hasSuppressedException(new AssertionError(manager.violations().get(0)));
    }

    @Test
    void noticesADisposalUnderTheHolder() throws Exception {
        var connection = leased();
        var use = connection.use();
        manager.dispose("a", connection, DisposeReason.INVALIDATED, TIMEOUT);
        use.close();
        assertThat(manager.violations()).hasSize(1).first().asString().contains("while in use");
    }

    @Test
    void aLeaseThatWasRevokedByACloseIsNoViolation() throws Exception {
        var connection = leased();
        var use = connection.use();
        manager.dispose("a", connection, DisposeReason.CLOSED, TIMEOUT);
        use.close();
        assertThatThrownBy(connection::use).isInstanceOf(IllegalStateException.class);
        manager.assertNoViolations();
    }

    @Test
    void noticesTwoHolders() throws Exception {
        var connection = leased();
        connection.use();
        connection.use();
        assertThat(manager.violations()).hasSize(1).first().asString().contains("two holders");
    }

    @Test
    void noticesTwoCallsAtOnce() throws Exception {
        var connection = manager.create("a", TIMEOUT);
        var gate = new Gate();
        manager.script(Operation.BIND).next(Behaviour.hang(gate));
        var bound = inThread(() -> {
            manager.bind("a", connection, new RecordedSignals());
            return true;
        });
        gate.awaitEntered(1);
        manager.dispose("a", connection, DisposeReason.DEAD, TIMEOUT);
        gate.open();
        bound.get(20, TimeUnit.SECONDS);
        assertThat(manager.violations()).hasSize(1).first().asString().contains("DISPOSE during BIND");
    }

    @Test
    void noticesDoubleAndUnknownDisposals() throws Exception {
        var connection = manager.create("a", TIMEOUT);
        manager.dispose("a", connection, DisposeReason.EVICTED, TIMEOUT);
        manager.dispose("a", connection, DisposeReason.EVICTED, TIMEOUT);
        var foreign = ScriptedManager.<String>full().create("a", TIMEOUT);
        manager.dispose("a", foreign, DisposeReason.EVICTED, TIMEOUT);
        assertThat(server.doubleDisposals()).isEqualTo(1);
        assertThat(server.unknownDisposals()).isEqualTo(1);
        assertThat(server.open()).isZero();
        assertThat(manager.violations()).hasSize(2);
        assertThatThrownBy(server::assertAllClosed).isInstanceOf(AssertionError.class);
    }

    @Test
    void noticesACallUnderALock() throws Exception {
        var never = new CountDownLatch(1);
        manager.probe(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        manager.probeMillis = 50;
        manager.create("a", TIMEOUT);
        manager.probeMillis = 5_000;
        never.countDown();
        assertThat(manager.violations()).hasSize(1).first().asString().contains("under a lock");
        manager.probe(() -> {});
        manager.create("a", TIMEOUT);
        assertThat(manager.violations()).hasSize(1);
    }

    @Test
    void aResetEndsWhenItsGateIsOpenedOrItsStageCancelled() throws Exception {
        var connection = leased();
        var gate = new Gate();
        manager.script(Operation.RESET).next(Behaviour.hang(gate));
        manager.onRelease("a", connection);
        var stage = manager.resetAsync("a", connection).toCompletableFuture();
        assertThat(stage).isNotDone();
        gate.open();
        assertThat(stage).isCompleted();
        manager.onAcquire("a", connection);
        manager.assertNoViolations();

        manager.lend("a", connection, new TestScope());
        manager.onRelease("a", connection);
        var hanging = new Gate();
        manager.script(Operation.RESET).next(Behaviour.hang(hanging));
        manager.resetAsync("a", connection).toCompletableFuture().cancel(true);
        assertThat(hanging.interrupts()).isEqualTo(1);
        manager.dispose("a", connection, DisposeReason.HOOK_FAILED, TIMEOUT);
        manager.assertNoViolations();
    }

    @Test
    void plainOverridesNothingButCreateAndDispose() {
        var overridden = Arrays.stream(ScriptedManager.plain().getClass().getMethods())
                .filter(method -> method.getDeclaringClass() != ConnectionManager.class)
                .filter(method -> Arrays.stream(ConnectionManager.class.getMethods())
                        .anyMatch(declared -> declared.getName().equals(method.getName())))
                .map(method -> method.getName())
                .distinct();
        assertThat(overridden).containsExactlyInAnyOrder("create", "dispose");
    }

    @Test
    void connectionsKnowTheirGeneration() throws Exception {
        var gate = new Gate();
        manager.script(Operation.CREATE).next(Behaviour.hang(gate));
        var old = inThread(() -> manager.create("a", TIMEOUT));
        gate.awaitEntered(1);
        assertThat(server.newGeneration()).isEqualTo(1);
        gate.open();
        assertThat(old.get(20, TimeUnit.SECONDS).generation()).isZero();
        assertThat(manager.create("a", TIMEOUT).generation()).isEqualTo(1);
        assertThat(server.generation()).isEqualTo(1);
    }

    @Test
    void aBrokenConnectionSignalsItsDeath() throws Exception {
        var connection = manager.create("a", TIMEOUT);
        assertThatThrownBy(connection::signals).isInstanceOf(IllegalStateException.class);
        assertThatCode(connection::breakFromServer).doesNotThrowAnyException();
        var bound = manager.create("a", TIMEOUT);
        var signals = new RecordedSignals();
        manager.bind("a", bound, signals);
        server.crash("a");
        assertThat(signals.isDead()).isTrue();
        assertThat(bound.isOpen()).isFalse();
    }

    @Test
    void anAsyncManagerCompletesItsStagesWhenTold() throws Exception {
        var async = new ScriptedAsyncManager<String>();
        var gate = new Gate();
        async.script(Operation.CREATE).next(Behaviour.hang(gate), Behaviour.hang(new Gate()), Behaviour.returnNull());
        var created = async.createAsync("a", TIMEOUT).toCompletableFuture();
        assertThat(created).isNotDone();
        assertThat(async.server().open()).isEqualTo(1);
        gate.open();
        var connection = created.join();
        async.bind("a", connection, new RecordedSignals());
        assertThat(async.checkAlivenessAsync("a", connection, TIMEOUT).toCompletableFuture())
                .isCompletedWithValue(true);

        var cancelled = async.createAsync("a", TIMEOUT).toCompletableFuture();
        cancelled.cancel(true);
        assertThat(async.server().open()).isEqualTo(1);
        assertThat(async.createAsync("a", TIMEOUT).toCompletableFuture()).isCompletedWithValue(null);

        var failing = new IOException("cannot close");
        async.script(Operation.DISPOSE).next(Behaviour.fail(failing));
        assertThat(async.disposeAsync("a", connection, DisposeReason.CLOSED, TIMEOUT)
                        .toCompletableFuture())
                .isCompletedExceptionally();
        async.server().assertAllClosed();
        async.assertNoViolations();
    }

    private FakeConnection<String> leased() throws Exception {
        var connection = manager.create("a", TIMEOUT);
        manager.bind("a", connection, new RecordedSignals());
        manager.onAcquire("a", connection);
        return manager.lend("a", connection, new TestScope());
    }

    private static <T> CompletableFuture<T> inThread(Callable<T> call) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static Thread thread(Callable<?> call, CompletableFuture<Boolean> result) {
        var thread = new Thread(() -> {
            try {
                result.complete(call.call() != null);
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
