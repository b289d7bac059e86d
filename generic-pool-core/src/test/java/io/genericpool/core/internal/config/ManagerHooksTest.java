package io.genericpool.core.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.ManagerHook;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ManagerHooksTest {
    private static class Plain implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {}
    }

    private static class Full extends Plain {
        @Override
        public boolean checkAliveness(String endpoint, Object connection, Duration timeout) {
            return true;
        }

        @Override
        public void onAcquire(String endpoint, Object connection) {}

        @Override
        public void onRelease(String endpoint, Object connection) {}

        @Override
        public boolean isFatal(String endpoint, Object connection, Throwable failure) {
            return false;
        }

        @Override
        public boolean isTooMany(String endpoint, Throwable failure) {
            return false;
        }

        @Override
        public CompletionStage<?> resetAsync(String endpoint, Object connection) {
            return NO_RESET;
        }

        @Override
        public Object lend(String endpoint, Object connection, LeaseScope scope) {
            return connection;
        }

        @Override
        public List<InetAddress> addresses(String endpoint) {
            return List.of();
        }

        @Override
        public void bind(String endpoint, Object connection, ConnectionSignals signals) {}
    }

    private static ManagerHooks named(Set<ManagerHook> hooks) {
        return new ManagerHooks(new Full() {
            @Override
            public Optional<Set<ManagerHook>> hooks() {
                return Optional.of(hooks);
            }
        });
    }

    @Test
    void aManagerThatNamesNoneIsLookedThrough() {
        var full = new ManagerHooks(new Full());
        assertThat(full.checks && full.lends && full.hasAcquireHooks && full.hasReleaseHooks && full.binds)
                .isTrue();
        assertThat(full.namesTooMany && full.knowsFatal && full.knowsAddresses).isTrue();

        var plain = new ManagerHooks(new Plain());
        assertThat(plain.checks || plain.lends || plain.hasAcquireHooks || plain.hasReleaseHooks || plain.binds)
                .isFalse();
        assertThat(plain.namesTooMany || plain.knowsFatal || plain.knowsAddresses)
                .isFalse();
    }

    @Test
    void whatAManagerNamesCountsWhateverItsClassOverrides() {
        var none = named(Set.of());
        assertThat(none.checks || none.lends || none.hasAcquireHooks || none.hasReleaseHooks || none.binds)
                .isFalse();
        assertThat(none.namesTooMany || none.knowsFatal || none.knowsAddresses).isFalse();

        assertThat(named(Set.of(ManagerHook.CHECK_ALIVENESS)).checks).isTrue();
        assertThat(named(Set.of(ManagerHook.ON_ACQUIRE)).hasAcquireHooks).isTrue();
        assertThat(named(Set.of(ManagerHook.ON_ACQUIRE)).hasReleaseHooks).isFalse();
        assertThat(named(Set.of(ManagerHook.ON_RELEASE)).hasReleaseHooks).isTrue();
        assertThat(named(Set.of(ManagerHook.RESET_ASYNC)).hasReleaseHooks).isTrue();
        assertThat(named(Set.of(ManagerHook.BIND)).binds).isTrue();
        assertThat(named(Set.of(ManagerHook.IS_TOO_MANY)).namesTooMany).isTrue();
        assertThat(named(Set.of(ManagerHook.IS_FATAL)).knowsFatal).isTrue();
        assertThat(named(Set.of(ManagerHook.ADDRESSES)).knowsAddresses).isTrue();
    }

    @Test
    void aViewNeedsBothEndsOfALease() {
        var lends = named(Set.of(ManagerHook.LEND));
        assertThat(lends.lends && lends.hasAcquireHooks && lends.hasReleaseHooks)
                .isTrue();
    }
}
