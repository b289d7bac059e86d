package io.genericpool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.benchmarks.load.Caller;
import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.load.Callers;
import io.genericpool.benchmarks.load.Load;
import io.genericpool.benchmarks.subject.BenchConnection;
import io.genericpool.benchmarks.subject.Subject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallersTest {
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(20);
    /** Long enough for two callers to overlap on a busy machine. */
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(500);

    private static final String ENDPOINT = "endpoint";

    /** A pool that is none: everybody gets the same connection. */
    private static final class Generous extends Subject<BenchConnection> {
        private final BenchConnection only = new BenchConnection(ENDPOINT);

        @Override
        public BenchConnection acquire(String endpoint) {
            return only;
        }

        @Override
        public CompletionStage<BenchConnection> acquireAsync(String endpoint) {
            return CompletableFuture.completedFuture(only);
        }

        @Override
        public BenchConnection connection(BenchConnection lease) {
            return lease;
        }

        @Override
        public void release(String endpoint, BenchConnection lease) {}
    }

    @ParameterizedTest
    @EnumSource(CallerKind.class)
    void aConnectionInTwoHandsFailsTheRun(CallerKind kind) {
        org.junit.jupiter.api.Assumptions.assumeTrue(CallerKind.available().contains(kind));

        assertThatThrownBy(() -> Callers.run(new Generous(), kind, Caller.busy(4, ENDPOINT, LONG / 50), LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("a connection of endpoint is in two hands");
    }

    @ParameterizedTest
    @EnumSource(CallerKind.class)
    void eachLeaseOfEachCallerIsCounted(CallerKind kind) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(CallerKind.available().contains(kind));

        Load load = Callers.run(new Generous(), kind, Caller.busy(1, ENDPOINT, 0), MOMENT);

        assertThat(load.waits()).hasSize(1);
        assertThat(load.all().count()).isPositive();
        assertThat(load.nanos()).isGreaterThanOrEqualTo(MOMENT);
    }
}
