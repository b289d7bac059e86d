package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.PooledObjectState;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A factory of Commons Pool 2 in the pool itself. */
@Timeout(60)
class FactoryConnectionManagerTest {
    private final RecordingFactory factory = new RecordingFactory();
    private ConnectionPool<String, Thing> pool = pool(FactoryConnectionManager.of(factory));

    @AfterEach
    void close() {
        pool.close();
    }

    private static ConnectionPool<String, Thing> pool(FactoryConnectionManager<String, Thing> manager) {
        return pool(manager, UnaryOperator.identity());
    }

    private static ConnectionPool<String, Thing> pool(
            FactoryConnectionManager<String, Thing> manager,
            UnaryOperator<ConnectionPoolBuilder<String, Thing>> knobs) {
        return knobs.apply(ConnectionPools.builder(manager)
                        .maxSize(2)
                        .acquireTimeout(Duration.ofSeconds(20))
                        .closeTimeout(Duration.ofSeconds(20)))
                .build();
    }

    @Test
    void aLeaseIsFromActivateToPassivate() {
        pool.connection("a").release();
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "passivate 0");
        try (var lease = pool.connection("a")) {
            lease.connection().hold();
        }
        assertThat(factory.calls()).containsExactly("activate 0", "passivate 0");
        pool.close();
        assertThat(factory.calls()).containsExactly("destroy 0");
    }

    @Test
    void anInvalidatedConnectionIsDestroyedAndNotPassivated() {
        pool.connection("a").invalidate();
        await().until(() -> pool.stats().disposed() == 1);
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "destroy 0");
    }

    @Test
    void aCheckedConnectionIsActivatedValidatedAndPassivated() {
        pool.close();
        pool = pool(FactoryConnectionManager.of(factory), knobs -> knobs.alivenessBypass(Duration.ZERO));
        pool.connection("a").release();
        factory.calls();
        factory.on("demandActive", () -> true);
        pool.connection("a").release();
        assertThat(factory.calls())
                .containsExactly("activate 0", "validate 0", "passivate 0", "activate 0", "passivate 0");
    }

    @Test
    void aConnectionThatIsNotValidIsReplacedWithinTheSameAcquire() {
        pool.close();
        pool = pool(FactoryConnectionManager.of(factory), knobs -> knobs.alivenessBypass(Duration.ZERO));
        pool.connection("a").release();
        factory.on("validate", () -> false);
        assertThat(idOfNext()).isEqualTo(1);
        factory.fail("validate", new IllegalStateException("broken"));
        assertThat(idOfNext()).isEqualTo(2);
        factory.succeed("validate");
        assertThat(idOfNext()).isEqualTo(2);
        await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 2);
    }

    private int idOfNext() {
        return pool.use("a", thing -> thing.id);
    }

    @Test
    void keepaliveTestsIdleConnections() {
        pool.close();
        pool = pool(FactoryConnectionManager.of(factory), knobs -> knobs.keepaliveInterval(Duration.ofMillis(20))
                .minIdle(0));
        pool.connection("a").release();
        factory.on("validate", () -> false);
        await().until(() -> pool.stats().disposed(DisposeReason.DEAD) == 1);
    }

    @Test
    void aFailedMakeIsTheCauseOfTheFailedAcquire() {
        var failure = new IOException("refused");
        factory.fail("make", failure);
        assertThatThrownBy(() -> pool.connection("a"))
                .isInstanceOf(ConnectionCreateException.class)
                .hasCause(failure);
        assertThat(pool.stats().total()).isZero();
    }

    @Test
    void aFailedActivateFailsTheAcquireAndCostsTheConnection() {
        var failure = new IOException("gone");
        factory.fail("activate", failure);
        assertThatThrownBy(() -> pool.connection("a"))
                .isInstanceOf(ConnectionCreateException.class)
                .cause()
                .isInstanceOf(ObjectRefusedException.class)
                .hasMessageContaining("activateObject")
                .hasCause(failure);
        await().until(() -> pool.stats().disposed(DisposeReason.HOOK_FAILED) == 1);
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "destroy 0");
    }

    @Test
    void aFailedPassivateCostsTheConnectionAndTheReleaseReturns() {
        factory.fail("passivate", new IOException("gone"));
        pool.connection("a").release();
        await().until(() -> pool.stats().disposed(DisposeReason.HOOK_FAILED) == 1);
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "passivate 0", "destroy 0");
        factory.succeed("passivate");
        pool.connection("a").release();
        assertThat(pool.stats().created()).isEqualTo(2);
    }

    @Test
    void aConnectionThePoolTookFromItsHolderIsDestroyedAsAbandoned() {
        var held = pool.connection("a");
        pool.connection("b").release();
        assertThat(pool.close(Duration.ofMillis(50)).revoked()).isEqualTo(1);
        assertThatThrownBy(held::connection).isInstanceOf(IllegalStateException.class);
        held.release();
        await().until(() -> pool.stats().disposed(DisposeReason.CLOSED) == 2);
        assertThat(factory.calls()).contains("abandon 0", "destroy 1").doesNotContain("passivate 0");
    }

    @Test
    void aTestOnCreateRefusesWhatTheFactoryMade() {
        pool.close();
        pool = pool(FactoryConnectionManager.builder(factory).testOnCreate(true).build());
        factory.on("validate", () -> false).fail("destroy", new IOException("also broken"));
        assertThatThrownBy(() -> pool.connection("a"))
                .isInstanceOf(ConnectionCreateException.class)
                .hasCauseInstanceOf(ObjectRefusedException.class);
        assertThat(factory.calls()).containsExactly("make 0", "validate 0", "destroy 0");
        factory.succeed("validate").succeed("destroy");
        pool.connection("a").release();
        assertThat(factory.calls()).containsExactly("make 1", "validate 1", "activate 1", "passivate 1");
    }

    @Test
    void aTestOnReturnComesBeforePassivate() {
        pool.close();
        pool = pool(FactoryConnectionManager.builder(factory).testOnReturn(true).build());
        pool.connection("a").release();
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "validate 0", "passivate 0");
        factory.on("validate", () -> false);
        pool.connection("a").release();
        await().until(() -> pool.stats().disposed(DisposeReason.HOOK_FAILED) == 1);
        assertThat(factory.calls()).containsExactly("activate 0", "validate 0", "destroy 0");
    }

    @Test
    void aTestOnBorrowComesAfterActivate() {
        pool.close();
        pool = pool(FactoryConnectionManager.builder(factory).testOnBorrow(true).build());
        pool.connection("a").release();
        assertThat(factory.calls()).containsExactly("make 0", "activate 0", "validate 0", "passivate 0");
    }

    @Test
    void eachEndpointMayHaveAFactoryOfItsOwn() {
        var manager = FactoryConnectionManager.<String, String>ofEach(endpoint -> new Greeting(endpoint));
        try (var greetings = ConnectionPools.builder(manager).build()) {
            String hello = greetings.use("world", greeting -> greeting);
            assertThat(hello).isEqualTo("hello world");
            assertThat(greetings.<String, RuntimeException>use("moon", greeting -> greeting))
                    .isEqualTo("hello moon");
            assertThat(greetings.stats().created()).isEqualTo(2);
        }
        var none = FactoryConnectionManager.<String, String>ofEach(endpoint -> null);
        try (var greetings = ConnectionPools.builder(none).build()) {
            assertThatThrownBy(() -> greetings.connection("world")).hasMessageContaining("instead of a factory");
        }
    }

    @Test
    void whatAFactoryReadsOfItsWrapperIsRight() {
        var states = new ConcurrentLinkedQueue<String>();
        PooledObjectFactory<String> watching = new Greeting("you") {
            @Override
            public void activateObject(PooledObject<String> pooled) {
                states.add("activate " + pooled.getState() + " " + pooled.getBorrowedCount());
            }

            @Override
            public boolean validateObject(PooledObject<String> pooled) {
                states.add("validate " + pooled.getState() + " " + pooled.getBorrowedCount());
                return true;
            }

            @Override
            public void passivateObject(PooledObject<String> pooled) {
                states.add("passivate " + pooled.getState() + " " + pooled.getBorrowedCount());
            }

            @Override
            public void destroyObject(PooledObject<String> pooled) {
                states.add("destroy " + pooled.getState() + " " + pooled.getBorrowedCount());
            }
        };
        var manager = FactoryConnectionManager.<String, String>ofEach(endpoint -> watching);
        try (var greetings =
                ConnectionPools.builder(manager).alivenessBypass(Duration.ZERO).build()) {
            greetings.connection("a").release();
            greetings.connection("a").release();
        }
        assertThat(states)
                .containsExactly(
                        "activate " + PooledObjectState.ALLOCATED + " 1",
                        "passivate " + PooledObjectState.RETURNING + " 1",
                        "activate " + PooledObjectState.EVICTION + " 1",
                        "validate " + PooledObjectState.EVICTION + " 1",
                        "passivate " + PooledObjectState.EVICTION + " 1",
                        "activate " + PooledObjectState.ALLOCATED + " 2",
                        "passivate " + PooledObjectState.RETURNING + " 2",
                        "destroy " + PooledObjectState.INVALID + " 2");
    }

    @Test
    void aFactoryThatMakesNothingFailsTheConnect() {
        var nothing = FactoryConnectionManager.<String, String>ofEach(endpoint -> new Greeting(endpoint) {
            @Override
            public PooledObject<String> makeObject() {
                return endpoint.equals("null") ? null : new DefaultPooledObject<>(null);
            }
        });
        try (var greetings = ConnectionPools.builder(nothing).build()) {
            assertThatThrownBy(() -> greetings.connection("null")).hasMessageContaining("instead of an object");
            assertThatThrownBy(() -> greetings.connection("wrapper")).hasMessageContaining("wrapper of null");
        }
    }

    @Test
    void aMakeThatHangsIsInterruptedAndTheCallerLeavesOnTime() {
        pool.close();
        pool = pool(FactoryConnectionManager.of(factory), knobs -> knobs.connectTimeout(Duration.ofMillis(500)));
        var interrupted = new CountDownLatch(1);
        factory.on("make", () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return true;
        });
        // On a busy machine the time of a connect may be over before its thread has begun, so that nothing is
        // interrupted.
        while (interrupted.getCount() > 0) {
            assertThatThrownBy(() -> pool.connection("a")).isInstanceOf(ConnectionCreateException.class);
        }
    }

    @Test
    void nullsAreRefusedAtOnce() {
        assertThatThrownBy(() -> FactoryConnectionManager.of(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> FactoryConnectionManager.ofEach(null)).isInstanceOf(NullPointerException.class);
    }

    /** The factory of a client that knows one server. */
    private static class Greeting extends BasePooledObjectFactory<String> {
        private final String who;

        Greeting(String who) {
            this.who = who;
        }

        @Override
        public String create() {
            return "hello " + who;
        }

        @Override
        public PooledObject<String> wrap(String text) {
            return new DefaultPooledObject<>(text);
        }
    }
}
