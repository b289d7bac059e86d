package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ManagerHook;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/**
 * The means of {@link ConnectionManagerContract}: what its subclasses say of their manager and server, and the connections
 * that a test makes with them, all of which are disposed in the end. Works on real time.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
abstract class ManagerUnderTest<E, C> {
    final Set<C> open = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    /**
     * The manager under test.
     *
     * @return the manager, always the same during one test
     */
    protected abstract ConnectionManager<E, C> manager();

    /**
     * An endpoint that accepts connections.
     *
     * @return the endpoint
     */
    protected abstract E endpoint();

    /**
     * Proves that a connection works, for example by a request and its reply.
     *
     * @param connection the connection, or a view of it
     * @throws Exception when it does not work; {@link IllegalStateException} when it is a view whose lease has ended
     */
    protected abstract void use(C connection) throws Exception;

    /**
     * An endpoint that refuses connections.
     *
     * @return the endpoint; empty, the default, skips the tests that need it
     */
    protected Optional<E> unreachableEndpoint() {
        return Optional.empty();
    }

    /**
     * An endpoint where a connection attempt hangs, for example because the server accepts and then sends nothing.
     *
     * @return the endpoint; empty, the default, skips the tests that need it
     */
    protected Optional<E> silentEndpoint() {
        return Optional.empty();
    }

    /**
     * Breaks a connection from the server's side.
     *
     * @param connection the connection
     * @return whether the break succeeded; false, the default, skips the tests that need it
     * @throws Exception when it fails
     */
    protected boolean breakFromServer(C connection) throws Exception {
        return false;
    }

    /**
     * Makes the server send something to a connection, ready to be received.
     *
     * @param connection the connection
     * @return whether the sending succeeded; false, the default, skips the tests that need it
     * @throws Exception when it fails
     */
    protected boolean sendFromServer(C connection) throws Exception {
        return false;
    }

    /**
     * Proves that the connection can still receive what {@link #sendFromServer} sent.
     *
     * @param connection the connection
     * @throws Exception when nothing can be received
     */
    protected void receive(C connection) throws Exception {}

    /**
     * Returns the hooks that the manager's class overrides and {@code hooks} leaves out on purpose, because they do
     * nothing under the settings of this manager.
     *
     * @return none unless overridden
     */
    protected Set<ManagerHook> unusedHooks() {
        return Set.of();
    }

    /**
     * Tells whether {@code checkAliveness} detects a broken connection.
     *
     * @return true unless overridden
     */
    protected boolean detectsDeath() {
        return true;
    }

    /**
     * Tells whether a bound connection itself signals that the server has closed it.
     *
     * @return false unless overridden
     */
    protected boolean signalsDeath() {
        return false;
    }

    /**
     * Tells whether an interrupt ends a hanging create.
     *
     * @return true unless overridden
     */
    protected boolean honoursInterrupts() {
        return true;
    }

    /**
     * Tells whether no thread is left soon after the disposal of the last connection.
     *
     * @return false unless overridden
     */
    protected boolean leavesNoThreads() {
        return false;
    }

    /**
     * The timeout of calls that should succeed.
     *
     * @return 10 s unless overridden
     */
    protected Duration timeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * The time by which a call may exceed its timeout.
     *
     * @return 2 s unless overridden
     */
    protected Duration slack() {
        return Duration.ofSeconds(2);
    }

    @AfterEach
    void disposeWhatIsLeft() {
        for (C connection : List.copyOf(open)) {
            var ignored = catchThrowable(() -> dispose(connection, DisposeReason.CLOSED));
        }
    }

    final C create() throws Exception {
        C connection = keep(manager().create(endpoint(), timeout()));
        assertThat(connection).as("what create returns").isNotNull();
        return connection;
    }

    final C keep(C connection) {
        open.add(connection);
        return connection;
    }

    final void dispose(C connection, DisposeReason reason) throws Exception {
        open.remove(connection);
        manager().dispose(endpoint(), connection, reason, timeout());
    }

    final boolean isAlive(C connection) {
        return within(timeout(), () -> {
            try {
                return manager().checkAliveness(endpoint(), connection, timeout());
            } catch (Exception e) {
                return false;
            }
        });
    }

    final void endLease(C connection, TestScope scope) throws Exception {
        scope.end();
        manager().onRelease(endpoint(), connection);
        var reset = manager().resetAsync(endpoint(), connection);
        assertThat(reset).as("what resetAsync returns").isNotNull();
        reset.toCompletableFuture().get(timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    final <T> T within(Duration time, Callable<T> call) {
        var result = inThread(call);
        try {
            return result.get(time.plus(slack()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("did not end within " + time + " and a slack of " + slack(), e);
        } catch (ExecutionException e) {
            throw new AssertionError("failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static <T> CompletableFuture<T> inThread(Callable<T> call) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    static boolean eventually(Duration time, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > time.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return true;
    }
}
