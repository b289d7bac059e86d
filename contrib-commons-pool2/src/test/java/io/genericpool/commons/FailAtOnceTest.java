package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genericpool.ConnectionCreateException;
import io.genericpool.testkit.FakePoolClock;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.commons.pool2.ObjectPool;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The switch that keeps what Commons Pool 2 does when a server is down. The clock stands: a borrow that waits would hang. */
@Timeout(60)
class FailAtOnceTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final RecordingFactory factory = new RecordingFactory();
    private final GenericKeyedObjectPoolConfig<Thing> config = new GenericKeyedObjectPoolConfig<>();
    private final ConnectException refused = new ConnectException("connection refused");

    private KeyedObjectPoolView<String, Thing> view() {
        return CommonsPools.keyedObjectPool(factory, config, knobs -> CommonsPools.failAtOnce(knobs.clock(clock)));
    }

    @Test
    void eachBorrowCallsTheFactoryAndFailsWithWhatItThrows() throws Exception {
        var view = view();
        factory.fail("make", refused);
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> view.borrowObject("a")).isSameAs(refused);
            assertThatThrownBy(() -> view.addObject("a")).isSameAs(refused);
        }
        assertThat(factory.calls()).hasSize(100);

        factory.succeed("make");
        view.returnObject("a", view.borrowObject("a"));
        view.close();
    }

    @Test
    void borrowsAtTheSameTimeDoNotWaitForEachOther() throws Exception {
        int borrowers = 32;
        config.setMaxTotalPerKey(borrowers);
        config.setMaxTotal(borrowers);
        var view = view();
        var allAreMaking = new CyclicBarrier(borrowers);
        factory.on("make", () -> {
            allAreMaking.await();
            throw refused;
        });
        var all = new ArrayList<FutureTask<Throwable>>();
        for (int i = 0; i < borrowers; i++) {
            var task = new FutureTask<>(() -> catchThrowable(() -> view.borrowObject("a")));
            all.add(task);
            new Thread(task).start();
        }
        for (var each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isSameAs(refused);
        }
        view.close();
    }

    @Test
    void aPoolOfOneServerHasTheSwitchToo() throws Exception {
        PooledObjectFactory<Thing> one = new EndpointFactory<>(factory, "only");
        ObjectPool<Thing> pool = CommonsPools.objectPool(
                one, new GenericObjectPoolConfig<Thing>(), knobs -> CommonsPools.failAtOnce(knobs)
                        .clock(clock));
        factory.fail("make", refused);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(pool::borrowObject).isSameAs(refused);
        }
        factory.succeed("make");
        pool.returnObject(pool.borrowObject());
        pool.close();
    }

    @Test
    void thePoolItselfHasTheSwitchToo() {
        try (var pool = CommonsPools.failAtOnce(CommonsPools.builder(factory, config))
                .clock(clock)
                .build()) {
            factory.fail("make", refused);
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> pool.connection("a"))
                        .isInstanceOf(ConnectionCreateException.class)
                        .hasCause(refused);
            }
        }
    }

    @Test
    void withoutTheSwitchTheSixthBorrowIsTurnedAwayAndNoFactoryIsCalled() {
        var view = CommonsPools.keyedObjectPool(factory, config, knobs -> knobs.clock(clock));
        factory.fail("make", refused);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> view.borrowObject("a")).isSameAs(refused);
            clock.advance(Duration.ofMillis(800));
        }
        factory.calls();
        assertThatThrownBy(() -> view.borrowObject("a")).isSameAs(refused); // the probe
        assertThatThrownBy(() -> view.borrowObject("a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasRootCause(refused);
        assertThat(factory.calls()).hasSize(1);
        view.pool().close(Duration.ZERO);
    }

    @Test
    void knobsAreTurnedAfterThoseOfTheConfiguration() {
        config.setMaxTotalPerKey(3);
        var view = CommonsPools.keyedObjectPool(factory, config, knobs -> knobs.connectTimeout(Duration.ofMinutes(1))
                .maxSize(5));
        assertThat(view.pool().config().connectTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(view.pool().config().defaultLimits().maxSize()).isEqualTo(5);
        view.close();
    }

    @Test
    void nullsAreRefusedByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> CommonsPools.failAtOnce(null))
                .withMessage("builder");
        assertThatNullPointerException()
                .isThrownBy(() -> CommonsPools.keyedObjectPool(factory, config, null))
                .withMessage("knobs");
        for (Function<GenericKeyedObjectPoolConfig<Thing>, Object> way :
                List.<Function<GenericKeyedObjectPoolConfig<Thing>, Object>>of(
                        none -> CommonsPools.keyedObjectPool(factory, none),
                        none -> CommonsPools.builder(factory, none))) {
            assertThatNullPointerException().isThrownBy(() -> way.apply(null)).withMessage("config");
        }
    }
}
