package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolClosedException;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.Gate;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.pool2.KeyedObjectPool;
import org.apache.commons.pool2.PoolUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The keyed view over a pool whose manager knows nothing of Commons Pool 2. */
@Timeout(60)
class KeyedObjectPoolViewTest {
    private final ScriptedManager<String> manager = ScriptedManager.full();
    private final ConnectionPool<String, FakeConnection<String>> pool = ConnectionPools.builder(manager)
            .maxSize(2)
            .totalMaxSize(3)
            .acquireTimeout(Duration.ofSeconds(20))
            .closeTimeout(Duration.ofSeconds(20))
            .build();
    private final KeyedObjectPoolView<String, FakeConnection<String>> view = CommonsPools.keyedObjectPool(pool);

    @AfterEach
    void allIsClosedInTheEnd() {
        pool.close();
        manager.assertNoViolations();
        manager.server().assertAllClosed();
    }

    @Test
    void whatIsReturnedIsLentAgain() throws Exception {
        var first = view.borrowObject("a");
        assertThat(first.endpoint()).isEqualTo("a");
        view.returnObject("a", first);
        assertThat(view.borrowObject("a")).isSameAs(first);
        view.returnObject("a", first);
        assertThat(view.pool()).isSameAs(pool);
        assertThat(pool.stats().created()).isEqualTo(1);
    }

    @Test
    void countsAreThoseOfThePool() throws Exception {
        assertThat(view.getNumActive() + view.getNumIdle() + view.getNumActive("a") + view.getNumIdle("a"))
                .isZero();
        var a = view.borrowObject("a");
        var b = view.borrowObject("b");
        view.returnObject("b", b);
        assertThat(view.getNumActive()).isEqualTo(1);
        assertThat(view.getNumIdle()).isEqualTo(1);
        assertThat(view.getNumActive("a")).isEqualTo(1);
        assertThat(view.getNumIdle("b")).isEqualTo(1);
        assertThat(view.getKeys()).containsExactlyInAnyOrder("a", "b");
        view.returnObject("a", a);
    }

    @Test
    void aSecondReturnIsAnErrorAndTouchesNobody() throws Exception {
        var object = view.borrowObject("a");
        view.returnObject("a", object);
        assertThatThrownBy(() -> view.returnObject("a", object)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.invalidateObject("a", object)).isInstanceOf(IllegalStateException.class);
        assertThat(view.borrowObject("a")).isSameAs(object);
        assertThat(view.getNumActive("a")).isEqualTo(1);
        view.returnObject("a", object);
        assertThat(pool.stats().staleReleases()).isZero();
    }

    @Test
    void whatWasNotBorrowedHereCannotBeReturned() throws Exception {
        var leased = pool.connection("a");
        assertThatThrownBy(() -> view.returnObject("a", leased.connection())).isInstanceOf(IllegalStateException.class);
        leased.release();
    }

    @Test
    void anObjectGoesBackUnderItsOwnKeyOnly() throws Exception {
        var object = view.borrowObject("a");
        assertThatThrownBy(() -> view.returnObject("b", object)).isInstanceOf(IllegalStateException.class);
        assertThat(view.getNumActive("a")).isEqualTo(1);
        view.returnObject(String.valueOf(new char[] {'a'}), object);
    }

    @Test
    void whatIsInvalidatedIsNotLentAgain() throws Exception {
        var object = view.borrowObject("a");
        view.invalidateObject("a", object);
        assertThatThrownBy(() -> view.returnObject("a", object)).isInstanceOf(IllegalStateException.class);
        var next = view.borrowObject("a");
        assertThat(next).isNotSameAs(object);
        view.returnObject("a", next);
        await().until(() -> !object.isOpen());
    }

    @Test
    void anExhaustedKeyIsNoSuchElementAfterTheWait() throws Exception {
        var one = view.borrowObject("a");
        var other = view.borrowObject("a");
        assertThatThrownBy(() -> view.borrowObject("a", Duration.ofMillis(20)))
                .isInstanceOf(NoSuchElementException.class)
                .hasCauseInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("maxSize");
        assertThatThrownBy(() -> view.borrowObject("a", Duration.ZERO)).isInstanceOf(NoSuchElementException.class);
        view.returnObject("a", one);
        assertThat(view.borrowObject("a", Duration.ZERO)).isSameAs(one);
        view.returnObject("a", one);
        view.returnObject("a", other);
    }

    @Test
    void aNegativeWaitIsAnyTimeAsInCommonsPool() throws Exception {
        var one = view.borrowObject("a");
        var other = view.borrowObject("a");
        var third = async(() -> view.borrowObject("a", Duration.ofMillis(-1)));
        await().until(() -> pool.stats().waiters() == 1);
        view.returnObject("a", one);
        assertThat(third.get(20, TimeUnit.SECONDS)).isSameAs(one);
        view.returnObject("a", one);
        view.returnObject("a", other);
    }

    @Test
    void aFailedConnectIsThrownAsItIs() {
        var failure = new IOException("refused");
        manager.script(Operation.CREATE).next(Behaviour.fail(() -> failure));
        assertThatThrownBy(() -> view.borrowObject("a")).isSameAs(failure);
        var error = new StackOverflowError("deep");
        manager.script(Operation.CREATE).next(Behaviour.fail(() -> error));
        assertThatThrownBy(() -> view.borrowObject("a")).isSameAs(error);
        manager.script(Operation.CREATE).next(Behaviour.fail(() -> failure));
        assertThatThrownBy(() -> view.addObject("a")).isSameAs(failure);
    }

    @Test
    void anEndpointThatMayNotBeConnectedToIsNoSuchElement() {
        pool.suspend("a", SuspendMode.FAIL);
        assertThatThrownBy(() -> view.borrowObject("a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasCauseInstanceOf(EndpointUnavailableException.class);
    }

    @Test
    void anInterruptEndsTheWaitWithTheCheckedException() throws Exception {
        var one = view.borrowObject("a");
        var other = view.borrowObject("a");
        var flag = new AtomicBoolean(true);
        var waiting = new Thread[1];
        var ended = new CompletableFuture<Throwable>();
        waiting[0] = new Thread(() -> {
            try {
                view.borrowObject("a");
            } catch (Throwable e) {
                flag.set(Thread.currentThread().isInterrupted());
                ended.complete(e);
            }
        });
        waiting[0].start();
        await().until(() -> pool.stats().waiters() == 1);
        waiting[0].interrupt();
        assertThat(ended.get(20, TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class)
                .hasCauseInstanceOf(AcquireInterruptedException.class);
        assertThat(flag).isFalse();
        view.returnObject("a", one);
        view.returnObject("a", other);
    }

    @Test
    void addObjectMakesIdleObjectsUpToTheLimits() throws Exception {
        view.addObjects("a", 5);
        assertThat(view.getNumIdle("a")).isEqualTo(2);
        view.addObjects(List.of("b", "c"), 1);
        assertThat(view.getNumIdle()).isEqualTo(3);
        assertThat(view.getNumIdle("c")).isZero();
        assertThat(manager.server().maxOpen()).isEqualTo(3);
    }

    @Test
    void clearTakesIdleObjectsNowAndBorrowedOnesAtTheirReturn() throws Exception {
        var borrowed = view.borrowObject("a");
        view.addObject("a");
        view.addObject("b");
        view.clear("a");
        assertThat(view.getNumIdle("a")).isZero();
        assertThat(view.getNumIdle("b")).isEqualTo(1);
        assertThat(borrowed.isOpen()).isTrue();
        view.returnObject("a", borrowed);
        await().until(() -> !borrowed.isOpen());
        view.clear();
        assertThat(view.getNumIdle()).isZero();
    }

    @Test
    void afterCloseNothingIsLentOrAddedAndTheRestIsHarmless() throws Exception {
        var idle = view.borrowObject("a");
        view.returnObject("a", idle);
        view.close();
        assertThat(pool.isClosed()).isTrue();
        assertThat(idle.isOpen()).isFalse();
        assertThatThrownBy(() -> view.borrowObject("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.addObject("a")).isInstanceOf(IllegalStateException.class);
        view.clear();
        view.clear("a");
        view.close();
        assertThat(view.getNumIdle()).isZero();
        assertThat(view.toString()).contains("closed");
    }

    @Test
    void aPoolThatSomebodyElseHasClosedIsClosedForTheViewToo() {
        pool.close();
        assertThatThrownBy(() -> view.borrowObject("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> view.addObject("a")).isInstanceOf(IllegalStateException.class);
        view.close();
    }

    @Test
    void closeTakesNothingFromHoldersAndThePoolClosesWithTheLastReturn() throws Exception {
        var one = view.borrowObject("a");
        var other = view.borrowObject("b");
        view.addObject("a");
        view.close();
        assertThat(one.isOpen()).isTrue();
        assertThat(view.getNumIdle()).isZero();
        assertThat(view.getNumActive()).isEqualTo(2);
        assertThatThrownBy(() -> view.borrowObject("a")).isInstanceOf(IllegalStateException.class);
        view.returnObject("a", one);
        assertThat(view.getNumActive()).isEqualTo(1);
        assertThat(pool.isClosed()).isFalse();
        view.invalidateObject("b", other);
        assertThat(pool.isClosed()).isTrue();
        manager.server().assertAllClosed();
    }

    @Test
    void closeTurnsAwayThoseWhoWait() throws Exception {
        var one = view.borrowObject("a");
        var other = view.borrowObject("a");
        var third = async(() -> view.borrowObject("a"));
        await().until(() -> pool.stats().waiters() == 1);
        view.close();
        assertThatThrownBy(() -> third.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        view.returnObject("a", one);
        view.returnObject("a", other);
        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void aConnectThatEndsAfterCloseIsNotLent() throws Exception {
        var gate = new Gate();
        manager.script(Operation.CREATE, "b").next(Behaviour.hang(gate));
        var holder = view.borrowObject("a");
        var late = async(() -> view.borrowObject("b"));
        gate.awaitEntered(1);
        view.close();
        gate.open();
        assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        view.returnObject("a", holder);
        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void aViewOfOneEndpointLeavesThePoolOpen() throws Exception {
        var objects = CommonsPools.objectPool(pool, "a");
        var b = view.borrowObject("b");
        var object = objects.borrowObject();
        objects.addObject();
        assertThat(objects.getNumActive()).isEqualTo(1);
        assertThat(objects.getNumIdle()).isEqualTo(1);
        assertThatThrownBy(() -> objects.returnObject(b)).isInstanceOf(IllegalStateException.class);
        objects.close();
        assertThat(objects.getNumIdle()).isZero();
        assertThatThrownBy(objects::borrowObject).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(objects::addObject).isInstanceOf(IllegalStateException.class);
        assertThat(object.isOpen()).isTrue();
        objects.returnObject(object);
        assertThatThrownBy(() -> objects.returnObject(object)).isInstanceOf(IllegalStateException.class);
        await().until(() -> !object.isOpen());
        assertThat(pool.isClosed()).isFalse();
        var again = view.borrowObject("a");
        view.returnObject("a", again);
        view.returnObject("b", b);
        objects.close();
    }

    @Test
    void whoWaitsInAViewOfOneEndpointWhenItIsClosedGetsNoObject() throws Exception {
        var objects = view.objectPool("a");
        var one = objects.borrowObject();
        var other = objects.borrowObject(Duration.ofSeconds(20));
        var third = async(objects::borrowObject);
        await().until(() -> pool.stats().waiters() == 1);
        objects.close();
        objects.invalidateObject(one);
        assertThatThrownBy(() -> third.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        objects.returnObject(other);
        await().until(() -> view.getNumActive() == 0);
    }

    @Test
    void theUtilitiesOfCommonsPoolWorkOnIt() throws Exception {
        KeyedObjectPool<String, FakeConnection<String>> wrapped =
                PoolUtils.erodingPool(PoolUtils.synchronizedPool(view), 1.0f);
        PoolUtils.prefill(wrapped, List.of("a", "b"), 1);
        assertThat(wrapped.getNumIdle()).isEqualTo(2);
        var object = wrapped.borrowObject("a");
        wrapped.returnObject("a", object);
        wrapped.close();
        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void nullsAreRefusedAtOnce() {
        assertThatThrownBy(() -> view.borrowObject(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> view.objectPool(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> CommonsPools.keyedObjectPool(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> CommonsPools.keyedObjectPool(pool, null)).isInstanceOf(NullPointerException.class);
    }

    interface Work<T> {
        T run() throws Exception;
    }

    private static <T> CompletableFuture<T> async(Work<T> work) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try {
                result.complete(work.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
