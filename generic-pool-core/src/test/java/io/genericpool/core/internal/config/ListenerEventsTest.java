package io.genericpool.core.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import org.junit.jupiter.api.Test;

/** Only a listener that overrides an event of the fast path takes acquires or releases off it. */
class ListenerEventsTest {
    @Test
    void noListenerHearsNothing() {
        assertHears(null, false, false);
    }

    @Test
    void aListenerOfConnectionsHearsNeither() {
        assertHears(
                new PoolListener<String>() {
                    @Override
                    public void onConnectionCreated(ConnectionEvent<String> event) {}
                },
                false,
                false);
    }

    @Test
    void anOverrideIsFoundInTheClassAndInItsSuperclass() {
        assertHears(new Acquiring(), true, false);
        assertHears(new Acquiring() {}, true, false);
        assertHears(
                new PoolListener<Integer>() {
                    @Override
                    public void onReleased(LeaseEvent<Integer> event) {}
                },
                false,
                true);
    }

    @Test
    void aListenerOfWaitsLeavesTheFastPathAlone() {
        var listener = new PoolListener<String>() {
            @Override
            public void onAcquiredAfterWait(LeaseEvent<String> event) {}
        };
        assertHears(listener, false, false);
        assertThat(new ListenerEvents(listener).waits).isTrue();
        assertThat(new ListenerEvents(new Acquiring()).waits).isFalse();
    }

    private static void assertHears(PoolListener<?> listener, boolean acquires, boolean releases) {
        var hears = new ListenerEvents(listener);
        assertThat(hears.acquires).isEqualTo(acquires);
        assertThat(hears.releases).isEqualTo(releases);
    }

    private static class Acquiring implements PoolListener<String> {
        @Override
        public void onAcquired(LeaseEvent<String> event) {}
    }
}
