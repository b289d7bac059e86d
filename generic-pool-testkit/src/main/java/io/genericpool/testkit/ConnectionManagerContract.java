package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ConnectionManager} does: a JUnit 5 suite to extend. Three methods must be written; each of the others
 * says what the manager can do beyond that, or what the test's server can be made to do, and switches tests on. Works on
 * real time; a test whose means are missing is skipped, not passed.
 *
 * <pre>{@code
 * class MyManagerTest extends ConnectionManagerContract<URI, MyConnection> {
 *     private final MyManager manager = new MyManager();
 *
 *     @Override
 *     protected ConnectionManager<URI, MyConnection> manager() {
 *         return manager;
 *     }
 *
 *     @Override
 *     protected URI endpoint() {
 *         return server.uri();
 *     }
 *
 *     @Override
 *     protected void use(MyConnection connection) throws Exception {
 *         assertThat(connection.echo("hello")).isEqualTo("hello");
 *     }
 * }
 * }</pre>
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
@Timeout(120)
public abstract class ConnectionManagerContract<E, C> {
    private static final int THREADS = 8;

    private final Set<C> open = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    /** For subclasses. */
    protected ConnectionManagerContract() {}

    /**
     * The manager under test.
     *
     * @return the same during one test
     */
    protected abstract ConnectionManager<E, C> manager();

    /**
     * An endpoint that can be connected to.
     *
     * @return the endpoint
     */
    protected abstract E endpoint();

    /**
     * Proves that a connection works, such as by a request and its reply.
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
     * An endpoint to which a connect hangs: one that accepts and says nothing, say.
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
     * @return whether that could be done; false, the default, skips the tests that need it
     * @throws Exception when it fails
     */
    protected boolean breakFromServer(C connection) throws Exception {
        return false;
    }

    /**
     * Makes the server send something to a connection, so that it is there to be received.
     *
     * @param connection the connection
     * @return whether that could be done; false, the default, skips the tests that need it
     * @throws Exception when it fails
     */
    protected boolean sendFromServer(C connection) throws Exception {
        return false;
    }

    /**
     * Proves that what {@link #sendFromServer} sent can still be received.
     *
     * @param connection the connection
     * @throws Exception when it is not there
     */
    protected void receive(C connection) throws Exception {}

    /**
     * Whether {@code checkAliveness} finds out that a connection is broken.
     *
     * @return true unless overridden
     */
    protected boolean detectsDeath() {
        return true;
    }

    /**
     * Whether a connection that was bound signals by itself that the server has closed it.
     *
     * @return false unless overridden
     */
    protected boolean signalsDeath() {
        return false;
    }

    /**
     * Whether a create that hangs can be interrupted.
     *
     * @return true unless overridden
     */
    protected boolean honoursInterrupts() {
        return true;
    }

    /**
     * Whether no thread is left soon after the last connection was disposed.
     *
     * @return false unless overridden
     */
    protected boolean leavesNoThreads() {
        return false;
    }

    /**
     * The timeout that is given to the calls that should succeed.
     *
     * @return 10 s unless overridden
     */
    protected Duration timeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * How much later than its timeout a call may return.
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

    @Test
    void createsAConnectionThatWorks() throws Exception {
        use(create());
    }

    @Test
    void twoCreatesGiveTwoDifferentConnections() throws Exception {
        C one = create();
        C other = create();
        assertThat(one).isNotSameAs(other);
        use(one);
        use(other);
        dispose(one, DisposeReason.IDLE_TIMEOUT);
        use(other);
    }

    @Test
    void aCreateToAnEndpointThatCannotBeReachedThrows() {
        E unreachable = given(unreachableEndpoint());
        var failure =
                within(timeout(), () -> catchThrowable(() -> keep(manager().create(unreachable, timeout()))));
        assertThat(failure).isInstanceOf(Exception.class);
        assertThat(open).isEmpty();
    }

    @Test
    void aCreateReturnsOrThrowsWithinItsTimeout() {
        E silent = given(silentEndpoint());
        var timeout = Duration.ofMillis(500);
        var failure = within(timeout, () -> catchThrowable(() -> keep(manager().create(silent, timeout))));
        assertThat(failure).isInstanceOf(Exception.class);
    }

    @Test
    void anInterruptedCreateEnds() throws Exception {
        assumeTrue(honoursInterrupts(), "creates cannot be interrupted");
        E silent = given(silentEndpoint());
        var ended = new CompletableFuture<Void>();
        var thread = new Thread(() -> {
            var ignored = catchThrowable(() -> keep(manager().create(silent, Duration.ofSeconds(60))));
            ended.complete(null);
        });
        thread.setDaemon(true);
        thread.start();
        eventually(Duration.ofMillis(500), () -> thread.getState() != Thread.State.RUNNABLE);
        assertThat(ended).isNotDone();
        thread.interrupt();
        ended.get(slack().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void disposesForEveryReason() throws Exception {
        for (var reason : DisposeReason.values()) {
            C connection = create();
            use(connection);
            within(timeout(), () -> {
                dispose(connection, reason);
                return true;
            });
        }
    }

    @Test
    void aConnectionThatWasNeverUsedCanBeDisposed() throws Exception {
        C connection = create();
        assertThatCode(() -> dispose(connection, DisposeReason.PRESSURE)).doesNotThrowAnyException();
    }

    @Test
    void disposingTwiceIsHarmlessToOthers() throws Exception {
        C connection = create();
        C other = create();
        dispose(connection, DisposeReason.IDLE_TIMEOUT);
        within(timeout(), () -> catchThrowable(() -> dispose(connection, DisposeReason.CLOSED)) == null);
        use(other);
    }

    @Test
    void disposingABrokenConnectionDoesNotThrow() throws Exception {
        for (var reason : List.of(DisposeReason.DEAD, DisposeReason.IDLE_TIMEOUT)) {
            C connection = create();
            assumeTrue(breakFromServer(connection), "the server cannot break connections");
            within(timeout(), () -> {
                assertThatCode(() -> dispose(connection, reason)).doesNotThrowAnyException();
                return true;
            });
        }
    }

    @Test
    void aFreshConnectionIsAlive() throws Exception {
        assertThat(isAlive(create())).isTrue();
    }

    @Test
    void aConnectionThatTheServerBrokeIsNotAlive() throws Exception {
        assumeTrue(detectsDeath(), "checkAliveness does not tell");
        C connection = create();
        use(connection);
        assumeTrue(breakFromServer(connection), "the server cannot break connections");
        assertThat(eventually(timeout(), () -> !isAlive(connection))).isTrue();
    }

    @Test
    void aCheckDisturbsNothing() throws Exception {
        C connection = create();
        for (int i = 0; i < 3; i++) {
            use(connection);
            assertThat(isAlive(connection)).isTrue();
        }
        use(connection);
    }

    @Test
    void aCheckConsumesNoData() throws Exception {
        C connection = create();
        assumeTrue(sendFromServer(connection), "the server cannot send by itself");
        isAlive(connection);
        receive(connection);
    }

    @Test
    void deathIsSignalledWhenTheServerCloses() throws Exception {
        assumeTrue(signalsDeath(), "connections do not signal their death");
        C connection = create();
        var signals = new RecordedSignals();
        manager().bind(endpoint(), connection, signals);
        manager().onAcquire(endpoint(), connection);
        use(manager().lend(endpoint(), connection, new TestScope()));
        assertThat(signals.isDead()).isFalse();
        assumeTrue(breakFromServer(connection), "the server cannot break connections");
        assertThat(signals.awaitDead(timeout().toMillis())).as("signalled").isTrue();
    }

    @Test
    void aConnectionServesLeaseAfterLease() throws Exception {
        C connection = create();
        manager().bind(endpoint(), connection, new RecordedSignals());
        for (int i = 0; i < 5; i++) {
            var scope = new TestScope();
            manager().onAcquire(endpoint(), connection);
            C view = manager().lend(endpoint(), connection, scope);
            assertThat(view).as("what is lent").isNotNull();
            use(view);
            endLease(connection, scope);
            assertThat(isAlive(connection)).isTrue();
        }
        assertThatCode(() -> manager().onConnectionDead(endpoint(), connection)).doesNotThrowAnyException();
    }

    @Test
    void aLentViewThrowsOnceItsLeaseHasEnded() throws Exception {
        C connection = create();
        manager().bind(endpoint(), connection, new RecordedSignals());
        manager().onAcquire(endpoint(), connection);
        var scope = new TestScope();
        C view = manager().lend(endpoint(), connection, scope);
        assumeTrue(view != connection, "the connection itself is lent");
        use(view);
        endLease(connection, scope);
        assertThatThrownBy(() -> use(view)).isInstanceOf(IllegalStateException.class);

        manager().onAcquire(endpoint(), connection);
        var next = new TestScope();
        use(manager().lend(endpoint(), connection, next));
        assertThatThrownBy(() -> use(view)).isInstanceOf(IllegalStateException.class);
        next.end();
    }

    @Test
    void whetherAFailureIsFatalCanAlwaysBeTold() throws Exception {
        C connection = create();
        for (var failure : List.of(new IOException("io"), new IllegalStateException(), new LinkageError())) {
            assertThatCode(() -> manager().isFatal(endpoint(), connection, failure))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whetherAFailureMeansTooManyCanAlwaysBeTold() {
        for (var failure : List.of(new IOException("io"), new IllegalStateException(), new LinkageError())) {
            assertThat(manager().isTooMany(endpoint(), failure))
                    .as("%s", failure)
                    .isFalse();
        }
    }

    @Test
    void manyThreadsCreateAndDisposeAtOnce() throws Exception {
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(inThread(() -> {
                for (var reason : DisposeReason.values()) {
                    C connection = create();
                    use(connection);
                    dispose(connection, reason);
                }
                return true;
            }));
        }
        for (var each : all) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(open).isEmpty();
    }

    @Test
    void noThreadIsLeftOver() throws Exception {
        assumeTrue(leavesNoThreads(), "threads may stay for a while");
        var before = new HashSet<>(Thread.getAllStackTraces().keySet());
        for (int i = 0; i < 5; i++) {
            C connection = create();
            use(connection);
            dispose(connection, DisposeReason.IDLE_TIMEOUT);
        }
        boolean gone = eventually(timeout(), () -> before.containsAll(liveThreads()));
        var left = liveThreads();
        left.removeAll(before);
        assertThat(gone).as("threads left over: " + left).isTrue();
    }

    private C create() throws Exception {
        C connection = keep(manager().create(endpoint(), timeout()));
        assertThat(connection).as("what create returns").isNotNull();
        return connection;
    }

    private C keep(C connection) {
        open.add(connection);
        return connection;
    }

    private void dispose(C connection, DisposeReason reason) throws Exception {
        open.remove(connection);
        manager().dispose(endpoint(), connection, reason, timeout());
    }

    private boolean isAlive(C connection) {
        return within(timeout(), () -> {
            try {
                return manager().checkAliveness(endpoint(), connection, timeout());
            } catch (Exception e) {
                return false;
            }
        });
    }

    private void endLease(C connection, TestScope scope) throws Exception {
        scope.end();
        manager().onRelease(endpoint(), connection);
        var reset = manager().resetAsync(endpoint(), connection);
        assertThat(reset).as("what resetAsync returns").isNotNull();
        reset.toCompletableFuture().get(timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T> T within(Duration time, Callable<T> call) {
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

    private static <T> CompletableFuture<T> inThread(Callable<T> call) {
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

    private static boolean eventually(Duration time, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > time.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        return true;
    }

    private static Set<Thread> liveThreads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static <T> T given(Optional<T> means) {
        assumeTrue(means.isPresent(), "the test's server has no such endpoint");
        return means.orElseThrow();
    }
}
