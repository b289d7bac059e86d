package io.genericpool.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A governor says when an endpoint may be connected to, and hears how it went. */
abstract class GovernorBehaviour extends PoolBehaviour {
    GovernorBehaviour(PoolFactory factory) {
        super(factory);
    }

    @PoolTest
    void whoAsksForARefusedEndpointFailsFast(PoolHarness on) {
        var governor = new RecordingGovernor();
        var cause = new IOException("it was down a moment ago");
        governor.verdict = ConnectGovernor.Verdict.refuseFor(seconds(5), cause);
        on.open(timeless().maxSize(1).totalMaxSize(1).connectGovernor(governor));
        var failure = on.request("a").failsWith(EndpointUnavailableException.class);
        assertThat(failure).cause().isSameAs(cause);
        assertThat(failure.retryAfter().orElseThrow()).isBetween(seconds(4), seconds(5));
        assertThat(on.server().createsStarted()).isZero();
        assertThat(on.pool().stats().rejected()).isEqualTo(1);

        governor.verdict = ConnectGovernor.Verdict.proceed();
        on.lease("b").invalidate();
        on.advance(seconds(6));
        on.lease("a");
    }

    @PoolTest
    void whoAsksForADelayedEndpointWaits(PoolHarness on) {
        var governor = new RecordingGovernor();
        governor.verdict = ConnectGovernor.Verdict.waitFor(seconds(5));
        on.open(timeless().connectGovernor(governor));
        var waiting = on.request("a");
        on.advance(seconds(4));
        waiting.assertWaits();
        assertThat(on.server().createsStarted()).isZero();
        governor.verdict = ConnectGovernor.Verdict.proceed();
        on.advance(seconds(2));
        waiting.value();
    }

    @PoolTest
    void anIdleConnectionIsHadWhateverTheGovernorSays(PoolHarness on) {
        var governor = new RecordingGovernor();
        on.open(timeless().connectGovernor(governor));
        on.fill("a", 1);
        governor.verdict = ConnectGovernor.Verdict.refuseFor(seconds(5), null);
        on.lease("a");
    }

    @PoolTest
    void theGovernorHearsHowConnectsEndAndWhenAnEndpointLeaves(PoolHarness on) {
        var governor = new RecordingGovernor();
        on.open(timeless().connectGovernor(governor));
        on.script(Operation.CREATE).next(Behaviour.fail(new IOException("refused")));
        on.request("a").failsWith(ConnectionCreateException.class);
        on.settle();
        on.lease("a").invalidate();
        on.settle();
        assertThat(governor.heard).containsExactly("failed a", "removed a", "connected a", "removed a");
    }

    @PoolTest
    void aGovernorThatThrowsAllows(PoolHarness on) {
        var governor = new RecordingGovernor();
        governor.failure = new IllegalStateException("broken governor");
        on.open(timeless().connectGovernor(governor));
        on.lease("a");
        assertThat(on.pool().stats().hookFailures()).isPositive();
    }

    /** Answers as it is told, and notes what it hears. */
    private static final class RecordingGovernor implements ConnectGovernor<String> {
        final List<String> heard = new ArrayList<>();
        volatile Verdict verdict = Verdict.proceed();
        volatile @Nullable RuntimeException failure;

        @Override
        public Verdict beforeConnect(String endpoint, long nowNanos) {
            if (failure != null) {
                throw failure;
            }
            return verdict;
        }

        @Override
        public synchronized void onConnected(String endpoint, long nowNanos) {
            heard.add("connected " + endpoint);
        }

        @Override
        public synchronized void onConnectFailed(String endpoint, long nowNanos, Throwable cause) {
            heard.add("failed " + endpoint);
        }

        @Override
        public synchronized void onEndpointRemoved(String endpoint) {
            heard.add("removed " + endpoint);
        }
    }
}
