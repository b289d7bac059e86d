package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.PoolConfig;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakePoolClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The view over a factory, beyond what the contract of Commons Pool 2 tests. */
@Timeout(60)
class FactoryViewTest {
    private final RecordingFactory factory = new RecordingFactory();
    private final GenericKeyedObjectPoolConfig<Thing> config = new GenericKeyedObjectPoolConfig<>();
    private KeyedObjectPoolView<String, Thing> view;

    @AfterEach
    void close() {
        view.pool().close();
    }

    private void open() {
        view = CommonsPools.keyedObjectPool(factory, config);
    }

    @Test
    void equalObjectsAreNotMixedUp() throws Exception {
        open();
        List<Thing> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(view.borrowObject("a"));
        }
        Thing third = all.remove(2);
        view.returnObject("a", third);
        assertThatThrownBy(() -> view.returnObject("a", third)).isInstanceOf(IllegalStateException.class);
        assertThat(view.borrowObject("a")).isSameAs(third);
        for (Thing each : all) {
            view.invalidateObject("a", each);
            assertThat(each.isDestroyed()).isTrue();
        }
        assertThat(third.isDestroyed()).isFalse();
        assertThat(view.getNumActive("a")).isEqualTo(1);
        view.returnObject("a", third);
    }

    @Test
    void idleObjectsThatAreRefusedAreDestroyedOneByOneUntilOneIsGood() throws Exception {
        config.setTestOnBorrow(true);
        open();
        view.addObjects("a", 3);
        factory.calls();
        var validations = new AtomicInteger();
        factory.on("validate", () -> validations.incrementAndGet() == 3);
        Thing good = view.borrowObject("a");
        assertThat(factory.calls().stream().filter(call -> call.startsWith("destroy")))
                .hasSize(2);
        assertThat(good.isDestroyed()).isFalse();
        assertThat(view.getNumIdle("a")).isZero();
        assertThat(view.getNumActive("a")).isEqualTo(1);
        view.returnObject("a", good);
    }

    @Test
    void aNewObjectThatIsNotValidIsNoSuchElement() throws Exception {
        config.setTestOnBorrow(true);
        open();
        factory.on("validate", () -> false);
        assertThatThrownBy(() -> view.borrowObject("a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasCauseInstanceOf(ObjectRefusedException.class);
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "validate 0", "destroy 0");
    }

    @Test
    void anObjectThatWasMadeDuringTheWaitButServedAnotherIsNotTakenForNew() throws Exception {
        config.setMaxTotalPerKey(1);
        open();
        var mayMake = new CountDownLatch(1);
        var activations = new AtomicInteger();
        factory.on("make", () -> mayMake.await(20, TimeUnit.SECONDS)).on("activate", () -> {
            if (activations.incrementAndGet() == 2) {
                throw new IOException("gone");
            }
            return true;
        });
        var first = new FutureTask<>(() -> view.borrowObject("a"));
        new Thread(first).start();
        await().until(() -> view.pool().stats().waiters() == 1);
        var second = new FutureTask<>(() -> view.borrowObject("a"));
        new Thread(second).start();
        await().until(() -> view.pool().stats().waiters() == 2);
        mayMake.countDown();
        view.returnObject("a", first.get(20, TimeUnit.SECONDS));
        Thing replacement = second.get(20, TimeUnit.SECONDS);
        assertThat(replacement.id).isEqualTo(1);
        view.returnObject("a", replacement);
    }

    @Test
    void aTestOnCreateThatSaysNoIsNoSuchElement() throws Exception {
        config.setTestOnCreate(true);
        open();
        factory.on("validate", () -> false);
        assertThatThrownBy(() -> view.borrowObject("a")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> view.addObject("a")).isInstanceOf(NoSuchElementException.class);
        factory.succeed("validate");
        view.returnObject("a", view.borrowObject("a"));
    }

    @Test
    void refusalsDoNotStretchTheDeadline() throws Exception {
        var clock = new FakePoolClock();
        var manager = FactoryConnectionManager.of(factory);
        var pool = ConnectionPools.builder(manager)
                .maxSize(1)
                .acquireTimeout(Duration.ofMillis(200))
                .connectTimeout(PoolConfig.NO_LIMIT)
                .clock(clock)
                .build();
        view = CommonsPools.keyedObjectPool(pool, manager);
        Thing held = view.borrowObject("a");
        var mayMake = new CountDownLatch(1);
        var isMaking = new CountDownLatch(1);
        factory.fail("activate", new IOException("gone")).on("make", () -> {
            isMaking.countDown();
            mayMake.await();
            return true;
        });
        var borrow = new FutureTask<>(() -> view.borrowObject("a"));
        var borrower = new Thread(borrow);
        borrower.start();
        await().until(() -> clock.isParked(borrower));
        clock.advance(Duration.ofMillis(150));
        view.returnObject("a", held);
        isMaking.await(); // what was returned has been refused
        await().until(() -> clock.isParked(borrower));
        assertThat(borrow).isNotDone();

        clock.advance(Duration.ofMillis(50));

        assertThatThrownBy(() -> borrow.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(NoSuchElementException.class);
        mayMake.countDown();
        await().until(() -> pool.stats().connecting() == 0);
    }

    @Test
    void aFailedAddIsToldAndItsObjectNeverLent() throws Exception {
        open();
        var failure = new IOException("not passive");
        factory.fail("passivate", failure);
        assertThatThrownBy(() -> view.addObject("a")).isSameAs(failure);
        assertThat(factory.calls()).containsExactly("make 0", "passivate 0");
        factory.succeed("passivate");
        Thing next = view.borrowObject("a");
        assertThat(next.id).isEqualTo(1);
        assertThat(factory.calls()).containsExactly("destroy 0", "make 1", "activate 1");
        view.returnObject("a", next);
    }

    @Test
    void aFailedAddIsFoundByThePoolsCheckToo() throws Exception {
        var manager = FactoryConnectionManager.of(factory);
        var pool =
                ConnectionPools.builder(manager).alivenessBypass(Duration.ZERO).build();
        view = CommonsPools.keyedObjectPool(pool, manager);
        factory.fail("passivate", new IOException("not passive"));
        assertThatThrownBy(() -> view.addObject("a")).isInstanceOf(IOException.class);
        factory.succeed("passivate");
        int id = pool.use("a", thing -> thing.id);
        assertThat(id).isEqualTo(1);
    }

    @Test
    void anAddIsNotTakenForABorrow() throws Exception {
        open();
        view.addObject("a");
        view.returnObject("a", view.borrowObject("a"));
        assertThat(factory.calls()).containsExactly("make 0", "passivate 0", "activate 0", "passivate 0");
        factory.fail("make", new IOException("refused"));
        assertThatThrownBy(() -> view.addObject("a")).isInstanceOf(IOException.class);
        Thing thing = view.borrowObject("a");
        assertThat(thing.isActive()).isTrue();
        view.returnObject("a", thing);
    }

    @Test
    void theDestroyModeReachesTheFactory() throws Exception {
        open();
        view.invalidateObject("a", view.borrowObject("a"), DestroyMode.ABANDONED);
        view.invalidateObject("a", view.borrowObject("a"), DestroyMode.NORMAL);
        assertThat(factory.calls().stream().filter(call -> call.startsWith("abandon") || call.startsWith("destroy")))
                .containsExactly("abandon 0", "destroy 1");
    }

    @Test
    void whatDestroyThrowsReachesWhoInvalidates() throws Exception {
        open();
        var failure = new IOException("half closed");
        factory.fail("destroy", failure);
        Thing thing = view.borrowObject("a");
        assertThatThrownBy(() -> view.invalidateObject("a", thing)).isSameAs(failure);
        assertThat(view.getNumActive("a")).isZero();
        assertThatThrownBy(() -> view.returnObject("a", thing)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDestroyThatHangsHoldsTheInvalidatorNoLongerThanTheDisposeTimeout() throws Exception {
        var manager = FactoryConnectionManager.of(factory);
        var pool = ConnectionPools.builder(manager)
                .disposeTimeout(Duration.ofMillis(100))
                .closeTimeout(Duration.ofSeconds(1))
                .build();
        view = CommonsPools.keyedObjectPool(pool, manager);
        var never = new CountDownLatch(1);
        factory.on("destroy", () -> {
            boolean isOver = false;
            while (!isOver) {
                try {
                    never.await();
                    isOver = true;
                } catch (InterruptedException e) {
                    // as some libraries do
                }
            }
            return true;
        });
        view.addObject("a");
        view.clear("a");
        view.invalidateObject("a", view.borrowObject("a"));
        assertThat(view.getNumActive("a")).isZero();
        never.countDown();
    }

    @Test
    void aReturnThatIsNotValidIsDestroyedWithoutAnError() throws Exception {
        config.setTestOnReturn(true);
        open();
        factory.on("validate", () -> false);
        Thing thing = view.borrowObject("a");
        view.returnObject("a", thing);
        assertThat(thing.isDestroyed()).isTrue();
        assertThat(view.getNumIdle("a")).isZero();
    }

    @Test
    void clearEndsWhenIdleObjectsAreDestroyed() throws Exception {
        open();
        Thing borrowed = view.borrowObject("a");
        view.addObjects("a", 3);
        view.addObjects("b", 3);
        factory.calls();
        view.clear("a");
        assertThat(factory.calls()).containsExactlyInAnyOrder("destroy 1", "destroy 2", "destroy 3");
        assertThat(view.getNumIdle("b")).isEqualTo(3);
        view.clear();
        assertThat(factory.calls()).hasSize(3);
        view.returnObject("a", borrowed);
    }

    @Test
    void oneWhoMayNotBlockFailsWhenAllAreBorrowedAndElseGetsANewOne() throws Exception {
        config.setBlockWhenExhausted(false);
        config.setMaxTotalPerKey(2);
        config.setMaxTotal(3);
        open();
        Thing one = view.borrowObject("a");
        Thing two = view.borrowObject("a");
        assertThatThrownBy(() -> view.borrowObject("a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("exhausted");
        Thing three = view.borrowObject("b");
        assertThatThrownBy(() -> view.borrowObject("c")).isInstanceOf(NoSuchElementException.class);
        view.returnObject("a", two);
        assertThat(view.borrowObject("a")).isSameAs(two);
        view.returnObject("b", three);
        Thing elsewhere = view.borrowObject("c"); // the idle object of b makes room
        assertThat(three.isDestroyed()).isTrue();
        view.returnObject("a", one);
        view.returnObject("a", two);
        view.returnObject("c", elsewhere);
    }

    @Test
    void aWaitOfZeroDoesNotBlockEither() throws Exception {
        config.setMaxWait(Duration.ZERO);
        config.setMaxTotalPerKey(1);
        open();
        Thing thing = view.borrowObject("a");
        assertThatThrownBy(() -> view.borrowObject("a")).isInstanceOf(NoSuchElementException.class);
        view.returnObject("a", thing);
    }

    @Test
    void aFactoryThatMakesTheSameObjectTwiceIsBorneWith() throws Exception {
        var shared = new Thing(7);
        var manager = FactoryConnectionManager.<String, Thing>ofEach(key -> new SharedFactory(shared));
        view = CommonsPools.keyedObjectPool(ConnectionPools.builder(manager).build(), manager);
        assertThat(view.borrowObject("a")).isSameAs(shared);
        assertThat(view.borrowObject("a")).isSameAs(shared);
        assertThat(view.borrowObject("b")).isSameAs(shared);
        view.returnObject("a", shared);
        view.returnObject("b", shared);
        assertThatThrownBy(() -> view.returnObject("b", shared)).isInstanceOf(IllegalStateException.class);
        view.returnObject("a", shared);
        assertThatThrownBy(() -> view.returnObject("a", shared)).isInstanceOf(IllegalStateException.class);
        assertThat(view.getNumActive()).isZero();
    }

    private static final class SharedFactory extends BasePooledObjectFactory<Thing> {
        private final Thing shared;

        SharedFactory(Thing shared) {
            this.shared = shared;
        }

        @Override
        public Thing create() {
            return shared;
        }

        @Override
        public PooledObject<Thing> wrap(Thing thing) {
            return new DefaultPooledObject<>(thing);
        }
    }
}
