package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.ManagerHook;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pool calls the hooks that a manager names, and none besides. */
class NamedHooksTest {
    private final Set<ManagerHook> called = EnumSet.noneOf(ManagerHook.class);

    private final class Full implements ConnectionManager<String, Object> {
        private final ManagerHook named;

        Full(ManagerHook named) {
            this.named = named;
        }

        @Override
        public Optional<Set<ManagerHook>> hooks() {
            return Optional.of(Set.of(named));
        }

        @Override
        public Object create(String endpoint, Duration timeout) {
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {}

        @Override
        public void bind(String endpoint, Object connection, ConnectionSignals signals) {
            called.add(ManagerHook.BIND);
        }

        @Override
        public void onAcquire(String endpoint, Object connection) {
            called.add(ManagerHook.ON_ACQUIRE);
        }

        @Override
        public Object lend(String endpoint, Object connection, LeaseScope scope) {
            called.add(ManagerHook.LEND);
            return connection;
        }

        @Override
        public void onRelease(String endpoint, Object connection) {
            called.add(ManagerHook.ON_RELEASE);
        }

        @Override
        public CompletionStage<?> resetAsync(String endpoint, Object connection) {
            called.add(ManagerHook.RESET_ASYNC);
            return NO_RESET;
        }

        @Override
        public boolean isFatal(String endpoint, Object connection, Throwable failure) {
            called.add(ManagerHook.IS_FATAL);
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BIND", "ON_ACQUIRE", "LEND", "ON_RELEASE", "RESET_ASYNC", "IS_FATAL"})
    void onlyTheNamedHookIsCalled(ManagerHook named) {
        try (var pool = ConnectionPools.builder(new Full(named))
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build()) {
            pool.connection("a").release();
            pool.connectionAsync("a").join().release();
            assertThatIllegalStateException()
                    .isThrownBy(() -> pool.use("a", connection -> {
                        throw new IllegalStateException("by test");
                    }));
            // the default answer is that the connection is broken
            assertThat(pool.stats().idle()).isEqualTo(named == ManagerHook.IS_FATAL ? 1 : 0);
        }
        assertThat(called).containsExactly(named);
    }
}
