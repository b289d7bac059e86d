package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genericpool.DisposeReason;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ManagerHook;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The behaviour of every {@link ConnectionManager}, as a JUnit 5 suite to extend. Three methods are required. Each of
 * the others states what else the manager can do, or makes the test's server do something, and enables more tests. The
 * suite runs in real time. Tests without the means they need are skipped and do not pass.
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
public abstract class ConnectionManagerContract<E, C> extends ManagerUnderTest<E, C> {
    private static final int THREADS = 8;

    /** Creates the suite; for subclasses. */
    protected ConnectionManagerContract() {}

    @Test
    void namesTheHooksThatItOverrides() {
        Optional<Set<ManagerHook>> named = manager().hooks();
        assumeTrue(named.isPresent(), "the manager leaves its hooks to reflection");
        Set<ManagerHook> expected = OverriddenHooks.of(manager().getClass());
        expected.removeAll(unusedHooks());
        assertThat(named.get())
                .as("a pool calls no hook that is missing, and pays for each that is named")
                .isEqualTo(expected);
        assertThat(manager().hooks()).as("the same at every call").isEqualTo(named);
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

    private static Set<Thread> liveThreads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static <T> T given(Optional<T> means) {
        assumeTrue(means.isPresent(), "the test's server has no such endpoint");
        return means.orElseThrow();
    }
}
