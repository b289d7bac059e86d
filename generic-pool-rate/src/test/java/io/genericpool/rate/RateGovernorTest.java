package io.genericpool.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.support.Nanos;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.Operation;
import io.genericpool.testkit.ScriptedManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RateGovernorTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor tasks = new ManualExecutor();
    private final ScriptedManager<String> manager = ScriptedManager.plain();

    private ConnectionPool<String, FakeConnection<String>> pool(ConnectGovernor<String> governor) {
        return ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .backgroundCollector(false)
                .connectGovernor(governor)
                .build();
    }

    private RateGovernor<String> rate(long connects, Duration period) {
        return RateGovernor.<String>builder(connects, period).clock(clock).build();
    }

    private List<CompletableFuture<Lease<String, FakeConnection<String>>>> ask(
            ConnectionPool<String, FakeConnection<String>> pool, int times, String... endpoints) {
        var requests = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
        for (String endpoint : endpoints) {
            for (int i = 0; i < times; i++) {
                requests.add(pool.connectionAsync(endpoint));
            }
        }
        tasks.runAll();
        return requests;
    }

    private void passTime(Duration time) {
        clock.advance(time);
        tasks.runAll();
    }

    @Test
    void aBurstIsAllowedAndAfterThatConnectsComeEvenlySpread() {
        try (var pool = pool(rate(3, Duration.ofSeconds(3)))) {
            var requests = ask(pool, 6, "a");
            assertThat(manager.server().createsStarted()).as("the burst").isEqualTo(3);
            for (int second = 1; second <= 3; second++) {
                passTime(Duration.ofMillis(999));
                assertThat(manager.server().createsStarted()).isEqualTo(2 + second);
                passTime(Duration.ofMillis(1));
                assertThat(manager.server().createsStarted()).isEqualTo(3 + second);
            }
            assertThat(requests).allMatch(request -> request.isDone() && !request.isCompletedExceptionally());
            requests.forEach(request -> request.join().release());
            clock.autoAdvance(tasks::runAll);
        }
    }

    @Test
    void whoWaitsForTheRateIsServedByAConnectionThatComesBack() {
        try (var pool = pool(rate(1, Duration.ofMinutes(1)))) {
            var requests = ask(pool, 2, "a");
            assertThat(requests.get(1)).isNotDone();
            requests.get(0).join().release();
            tasks.runAll();
            requests.get(1).join().release();
            assertThat(manager.server().createsStarted()).isEqualTo(1);
            clock.autoAdvance(tasks::runAll);
        }
    }

    @Test
    void eachEndpointHasARateOfItsOwnUnlessTheyShareOne() {
        try (var pool = pool(rate(1, Duration.ofMinutes(1)))) {
            ask(pool, 1, "x:1", "x:2", "y:1").forEach(request -> request.join().release());
            assertThat(manager.server().createsStarted()).isEqualTo(3);
            clock.autoAdvance(tasks::runAll);
        }
    }

    @Test
    void endpointsThatShareARateGetOneConnectAtATimeOfItInAll() {
        RateGovernor<String> perHost = RateGovernor.<String>builder(1, Duration.ofSeconds(10))
                .sharedBy(endpoint -> endpoint.substring(0, endpoint.indexOf(':')))
                .clock(clock)
                .build();
        try (var pool = pool(perHost)) {
            var requests = ask(pool, 1, "x:1", "x:2", "x:3", "y:1");
            assertThat(manager.server().createsStarted()).isEqualTo(2);
            passTime(Duration.ofSeconds(10));
            assertThat(manager.server().createsStarted()).isEqualTo(3);
            passTime(Duration.ofSeconds(10));
            assertThat(manager.server().createsStarted()).isEqualTo(4);
            requests.forEach(request -> request.join().release());
            clock.autoAdvance(tasks::runAll);
        }
    }

    @Test
    void besideACircuitTheRateLosesNothingToConnectsThatAreNotMade() {
        RateGovernor<String> rate = rate(2, Duration.ofMinutes(1));
        var circuit = CircuitGovernor.builder().failFastAfter(1).build();
        manager.script(Operation.CREATE).next(Behaviour.fail(new IllegalStateException("on purpose")));
        try (var pool = pool(ConnectGovernor.all(rate, circuit))) {
            assertThat(ask(pool, 1, "a")).allMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(ask(pool, 5, "a"))
                    .as("refused by the circuit")
                    .allMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(rate.peek("a", 0).kind()).as("one of two is left").isEqualTo(Verdict.Kind.PROCEED);
            passTime(Duration.ofSeconds(1));
            ask(pool, 1, "a").get(0).join().release();
            assertThat(manager.server().createsStarted()).isEqualTo(2);
            assertThat(rate.peek("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
            clock.autoAdvance(tasks::runAll);
        }
    }

    @Test
    void whatWasTakenInVainIsGivenBack() {
        RateGovernor<String> rate = rate(1, Duration.ofMinutes(1));
        ConnectGovernor<String> against = (endpoint, now) -> Verdict.refuseFor(Duration.ofSeconds(1), null);
        assertThat(ConnectGovernor.<String>all(rate, against)
                        .beforeConnect("a", 0)
                        .kind())
                .isEqualTo(Verdict.Kind.REFUSE);
        rate.onConnectCancelled("never seen", 0);
        assertThat(rate.peek("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(rate.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(rate.peek("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
        assertThat(rate.beforeConnect("a", 0).delay()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void endpointsThatAreNotConnectedToAnyMoreAreForgotten() {
        RateGovernor<String> rate = rate(1, Duration.ofSeconds(1));
        for (int endpoint = 0; endpoint < 100_000; endpoint++) {
            assertThat(rate.beforeConnect("e" + endpoint, 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
            clock.advance(Duration.ofMillis(10));
        }
        assertThat(rate.remembered()).isLessThanOrEqualTo(2_048);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aRateOfNothingIsRefused(long connects) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateGovernor.of(connects, Duration.ofSeconds(1)))
                .withMessage("connects must be at least 1, but is " + connects);
    }

    @ParameterizedTest
    @CsvSource({"PT0.001S, 1000000", "PT1S, 1000000000", "P10000D, 864000000000000000"})
    void aRateOfMoreThanOneConnectPerNanosecondIsRefusedWhenItIsSet(Duration period, long most) {
        for (long connects : new long[] {most + 1, Long.MAX_VALUE}) {
            String message = "connects must be at most " + most + " in a period of " + Nanos.text(period)
                    + ", one per nanosecond, but is " + connects;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RateGovernor.of(connects, period))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RateBuckets(connects, period, clock))
                    .withMessage(message);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.001S, 1000000", "PT1S, 1000000000", "P10000D, 864000000000000000", "P10000D, 1", "PT0.001S, 1"})
    void aRateAtItsBoundsIsKept(Duration period, long connects) {
        var rate = rate(connects, period);
        assertThat(rate.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        rate.onConnectCancelled("a", 0);
        clock.advance(period);
        assertThat(rate.peek("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(rate.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(rate.beforeConnect("a", 0).kind())
                .isEqualTo(connects == 1 ? Verdict.Kind.WAIT : Verdict.Kind.PROCEED);
    }

    @Test
    void nullsAreRefusedByName() {
        var buckets = new RateBuckets(1, Duration.ofSeconds(1), clock);
        var builder = RateGovernor.builder(1, Duration.ofSeconds(1));
        Map.<String, ThrowingCallable>of(
                        "period", () -> RateGovernor.of(1, null),
                        "clock", () -> new RateBuckets(1, Duration.ofSeconds(1), null),
                        "sharedBy", () -> builder.sharedBy(null))
                .forEach((name, call) ->
                        assertThatNullPointerException().isThrownBy(call).withMessage(name));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> buckets.take(null),
                () -> buckets.reserve(null, 1),
                () -> buckets.peek(null),
                () -> buckets.giveBack(null))) {
            assertThatNullPointerException().isThrownBy(call).withMessage("key");
        }
    }

    @Test
    void aGroupThatIsNullIsToldByTheKnobsNameAndTheConnectIsNotMade() {
        RateGovernor<String> rate = RateGovernor.<String>builder(1, Duration.ofSeconds(1))
                .sharedBy(endpoint -> null)
                .build();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> rate.beforeConnect("a", 0), () -> rate.peek("a", 0), () -> rate.onConnectCancelled("a", 0))) {
            assertThatIllegalStateException().isThrownBy(call).withMessageContaining("sharedBy returned null");
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0 ms", "PT-1S, -1 s", "PT0.0009S, 900 us", "P10001D, 10001 d"})
    void aPeriodOutOfBoundsIsRefused(String period, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateGovernor.of(1, Duration.parse(period)))
                .withMessage("period must be 1 ms to 10,000 days, but is " + text);
    }
}
