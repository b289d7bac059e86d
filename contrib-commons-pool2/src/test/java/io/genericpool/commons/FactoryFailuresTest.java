package io.genericpool.commons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.genericpool.ConnectionCreateException;
import io.genericpool.core.ConnectionPools;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.pool2.impl.GenericKeyedObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each callback of a factory ends in each way that user code can end in; the pool and the view go on all the same. */
@Timeout(60)
class FactoryFailuresTest {
    private static final List<String> CALLBACKS = List.of("make", "activate", "validate", "passivate", "destroy");

    /** How a callback ends. */
    private enum End {
        EXCEPTION(() -> {
            throw new IOException("refused");
        }),
        RUNTIME_EXCEPTION(() -> {
            throw new IllegalStateException("broken");
        }),
        LINKAGE_ERROR(() -> {
            throw new NoClassDefFoundError("com/example/Driver");
        }),
        ASSERTION_ERROR(() -> {
            throw new AssertionError("impossible");
        }),
        STACK_OVERFLOW(() -> {
            throw new StackOverflowError("deep");
        }),
        NO(() -> false),
        INTERRUPT_FLAG(() -> {
            Thread.currentThread().interrupt();
            return true;
        }),
        INTERRUPT_FLAG_AND_EXCEPTION(() -> {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        });

        private final Callable<Boolean> script;

        End(Callable<Boolean> script) {
            this.script = script;
        }
    }

    static Stream<Arguments> everyCallbackAndEnd() {
        return CALLBACKS.stream().flatMap(call -> Arrays.stream(End.values()).map(end -> Arguments.of(call, end)));
    }

    private final RecordingFactory factory = new RecordingFactory();

    @AfterEach
    void leaveNoFlagBehind() {
        Thread.interrupted();
    }

    private void assertAllDestroyed() {
        await().untilAsserted(() -> assertThat(factory.all()).allMatch(Thing::isDestroyed));
    }

    @ParameterizedTest
    @MethodSource("everyCallbackAndEnd")
    void thePoolGoesOnAndLosesNoObject(String callback, End end) {
        var manager = FactoryConnectionManager.builder(factory)
                .testOnCreate(true)
                .testOnReturn(true)
                .build();
        var pool = CommonsPools.failAtOnce(ConnectionPools.builder(manager))
                .maxSize(1)
                .alivenessBypass(Duration.ZERO)
                .build();
        pool.connection("a").release();
        factory.on(callback, end.script);
        for (int i = 0; i < 3; i++) {
            var ignored = catchThrowable(() -> pool.connection("a").release());
            Thread.interrupted(); // a callback of the acquire or release has left it on this very thread
            var alsoIgnored = catchThrowable(() -> pool.connection("a").invalidate());
            Thread.interrupted();
        }
        factory.succeed(callback);

        for (int i = 0; i < 3; i++) {
            pool.connection("a").release();
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(pool.stats().total()).isEqualTo(1);
        assertThat(pool.close(Duration.ofSeconds(20)).isClean()).isTrue();
        assertAllDestroyed();
    }

    @ParameterizedTest
    @MethodSource("everyCallbackAndEnd")
    void aViewGoesOnAndLosesNoObject(String callback, End end) throws Exception {
        var config = new GenericKeyedObjectPoolConfig<Thing>();
        config.setMaxTotalPerKey(1);
        config.setTestOnCreate(true);
        config.setTestOnBorrow(true);
        config.setTestOnReturn(true);
        var view = CommonsPools.keyedObjectPool(factory, config, CommonsPools::failAtOnce);
        view.returnObject("a", view.borrowObject("a"));
        factory.on(callback, end.script);
        for (int i = 0; i < 3; i++) {
            var returned = catchThrowable(() -> view.returnObject("a", view.borrowObject("a")));
            Thread.interrupted();
            var invalidated = catchThrowable(() -> view.invalidateObject("a", view.borrowObject("a")));
            Thread.interrupted();
            var added = catchThrowable(() -> view.addObject("a"));
            Thread.interrupted();
        }
        factory.succeed(callback);

        for (int i = 0; i < 3; i++) {
            view.returnObject("a", view.borrowObject("a"));
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(view.getNumActive()).isZero();
        assertThat(view.getNumIdle()).isEqualTo(1);
        view.close();
        assertThat(view.pool().isClosed()).isTrue();
        assertAllDestroyed();
    }

    @ParameterizedTest
    @EnumSource(
            value = End.class,
            names = {"EXCEPTION", "RUNTIME_EXCEPTION", "LINKAGE_ERROR", "ASSERTION_ERROR", "STACK_OVERFLOW", "NO"})
    void whatIsMadeAndFailsItsTestIsDestroyed(End end) {
        var manager =
                FactoryConnectionManager.builder(factory).testOnCreate(true).build();
        factory.on("validate", end.script);
        try (var pool = ConnectionPools.builder(manager).build()) {
            assertThatThrownBy(() -> pool.connection("a")).isInstanceOf(ConnectionCreateException.class);
            assertThat(factory.all()).singleElement().matches(Thing::isDestroyed);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = End.class,
            names = {"EXCEPTION", "RUNTIME_EXCEPTION", "LINKAGE_ERROR", "ASSERTION_ERROR"})
    void aBorrowPassesOverAnIdleObjectThatCannotBeActivatedAsCommonsPoolDoes(End end) throws Exception {
        var view = CommonsPools.keyedObjectPool(factory, new GenericKeyedObjectPoolConfig<Thing>());
        view.returnObject("a", view.borrowObject("a"));
        Thing first = factory.all().get(0);
        factory.on("activate", () -> first.isDestroyed() || end.script.call());

        assertThat(view.borrowObject("a")).isNotSameAs(first);

        assertThat(first.isDestroyed()).isTrue();
        view.pool().close(Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource(
            value = End.class,
            names = {"EXCEPTION", "RUNTIME_EXCEPTION", "LINKAGE_ERROR", "ASSERTION_ERROR", "STACK_OVERFLOW"})
    void anAddWhoseObjectCannotBePassivatedSaysSo(End end) throws Exception {
        var view = CommonsPools.keyedObjectPool(factory, new GenericKeyedObjectPoolConfig<Thing>());
        factory.on("passivate", end.script);
        Throwable expected = catchThrowable(end.script::call);
        assertThatThrownBy(() -> view.addObject("a"))
                .isInstanceOf(expected.getClass())
                .hasMessage(expected.getMessage());
        factory.succeed("passivate");
        assertThat(view.borrowObject("a").id).isEqualTo(1);
        view.pool().close(Duration.ZERO);
    }

    @Test
    void whatIsNeitherExceptionNorErrorReachesTheBorrowerAsACause() {
        var odd = new Throwable("odd");
        assertThat(PoolErrors.checked(odd))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(odd);
    }
}
