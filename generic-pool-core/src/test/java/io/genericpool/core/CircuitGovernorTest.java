package io.genericpool.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.genericpool.CircuitState;
import io.genericpool.PoolConfig;
import io.genericpool.spi.ConnectGovernor.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the governor answers, with the time as an argument. It starts shortly before the clock wraps around. Shows
 * I43.
 */
class CircuitGovernorTest {
    private static final String A = "a";

    private final IOException refused = new IOException("refused");
    private long now = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(150);

    private static CircuitGovernorBuilder exact() {
        return CircuitGovernor.builder().backoffJitter(0);
    }

    private void fail(CircuitGovernor governor, int times) {
        for (int i = 0; i < times; i++) {
            governor.onConnectFailed(A, now, refused);
        }
    }

    /** The pauses after failures in a row, each probe made as soon as it may be. */
    private List<Long> pauses(CircuitGovernor governor, int failures) {
        var pauses = new ArrayList<Long>();
        for (int i = 0; i < failures; i++) {
            assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.PROCEED);
            governor.onConnectFailed(A, now, refused);
            long pause = governor.peek(A, now).delay().toNanos();
            pauses.add(pause);
            now += pause;
        }
        return pauses;
    }

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void thePauseDoublesFromFailureToFailureUpToItsBound() {
        assertThat(pauses(exact().build(), 6)).containsExactly(ms(100), ms(200), ms(400), ms(800), ms(800), ms(800));
        assertThat(pauses(
                        exact().initialBackoff(Duration.ofMillis(10))
                                .backoffFactor(10)
                                .maxBackoff(Duration.ofSeconds(2))
                                .build(),
                        4))
                .containsExactly(ms(10), ms(100), ms(1_000), ms(2_000));
    }

    /** Takes these in turn for chance, the last one for ever. */
    private static DoubleSupplier chances(double... inTurn) {
        var next = new AtomicInteger();
        return () -> inTurn[Math.min(next.getAndIncrement(), inTurn.length - 1)];
    }

    @Test
    void chanceTakesOffUpToItsShareOfEachPause() {
        double almostOne = Math.nextDown(1.0);
        assertThat(pauses(CircuitGovernor.builder().chance(() -> 0).build(), 5))
                .containsExactly(ms(50), ms(100), ms(200), ms(400), ms(400));
        assertThat(pauses(CircuitGovernor.builder().chance(() -> almostOne).build(), 5))
                .allSatisfy(pause -> assertThat(pause).isPositive())
                .zipSatisfy(List.of(ms(100), ms(200), ms(400), ms(800), ms(800)), (pause, full) -> assertThat(pause)
                        .isBetween(full - 1, full));
        assertThat(pauses(
                        CircuitGovernor.builder()
                                .backoffJitter(1)
                                .chance(() -> 0.25)
                                .build(),
                        5))
                .containsExactly(ms(25), ms(50), ms(100), ms(200), ms(200));
        assertThat(pauses(exact().chance(() -> 0.25).build(), 3)).containsExactly(ms(100), ms(200), ms(400));
    }

    @Test
    void chanceIsAskedAnewForEachFailureAndEachEndpoint() {
        var governor =
                CircuitGovernor.builder().chance(chances(0.5, 0, 0.2, 0.4)).build();
        assertThat(pauses(governor, 2)).containsExactly(ms(75), ms(100));
        governor.onConnectFailed("b", now, refused);
        governor.onConnectFailed("c", now, refused);
        assertThat(governor.peek("b", now).delay()).isEqualTo(Duration.ofMillis(60));
        assertThat(governor.peek("c", now).delay()).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void withoutAGeneratorOfItsOwnTheGovernorStaysWithinTheShare() {
        var governor = CircuitGovernor.builder().build();
        long full = ms(100);
        for (long pause : pauses(governor, 6)) {
            assertThat(pause).isBetween(full / 2, full);
            full = Math.min(ms(800), 2 * full);
        }
    }

    @Test
    void belowTheThresholdWhoAsksWaitsAndAtItHeIsRefusedWithTheFreshCause() {
        var governor = exact().failFastAfter(3).build();
        fail(governor, 1);
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.WAIT);
        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.CLOSED);
        fail(governor, 1);
        var last = new IOException("refused again");
        governor.onConnectFailed(A, now, last);

        Verdict verdict = governor.beforeConnect(A, now + ms(40));

        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.REFUSE);
        assertThat(verdict.cause()).isSameAs(last);
        assertThat(verdict.delay()).isEqualTo(Duration.ofMillis(60));
        assertThat(governor.circuit(A, now + ms(40))).satisfies(circuit -> {
            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
            assertThat(circuit.failures()).isEqualTo(3);
            assertThat(circuit.remaining()).isEqualTo(Duration.ofMillis(60));
            assertThat(circuit.cause()).containsSame(last);
        });
    }

    @Test
    void connectsThatWereInFlightWhenTheFirstOneFailedCountButDoNotLengthenThePause() {
        var governor = exact().build();
        fail(governor, 4);
        assertThat(governor.peek(A, now).delay()).isEqualTo(Duration.ofMillis(100));
        assertThat(governor.circuit(A, now).failures()).isEqualTo(4);
        now += ms(50);
        fail(governor, 1);
        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.OPEN);
        assertThat(governor.peek(A, now).delay()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void afterThePauseOneConnectAtATimeIsLetThrough() {
        for (int failures : List.of(1, 5)) {
            var governor = exact().build();
            fail(governor, failures);
            now += ms(100);
            assertThat(governor.peek(A, now).kind()).as("a look takes nothing").isEqualTo(Verdict.Kind.PROCEED);
            assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.PROCEED);
            assertThat(governor.beforeConnect(A, now).kind())
                    .isEqualTo(failures == 1 ? Verdict.Kind.WAIT : Verdict.Kind.REFUSE);
            assertThat(governor.circuit(A, now).state())
                    .isEqualTo(failures == 1 ? CircuitState.CLOSED : CircuitState.HALF_OPEN);
        }
    }

    @Test
    void theProbeClosesTheCircuitOrOpensItForLonger() {
        var governor = exact().build();
        fail(governor, 5);
        now += ms(100);
        governor.beforeConnect(A, now);
        fail(governor, 1);
        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.OPEN);
        assertThat(governor.peek(A, now).delay()).isEqualTo(Duration.ofMillis(200));
        now += ms(200);
        governor.beforeConnect(A, now);

        governor.onConnected(A, now);

        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.CLOSED);
        assertThat(governor.circuit(A, now).failures()).isZero();
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(governor.remembered()).isZero();
    }

    @Test
    void aProbeThatIsNotMadeAfterAllLeavesItsPlaceToTheNext() {
        var governor = exact().build();
        fail(governor, 5);
        now += ms(100);
        governor.beforeConnect(A, now);
        governor.onConnectCancelled(A, now);
        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.OPEN);
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.PROCEED);
    }

    @Test
    void aProbeThatNothingIsHeardOfIsTakenForLostAfterAMinute() {
        var governor = exact().build();
        fail(governor, 5);
        now += ms(100);
        governor.beforeConnect(A, now);
        assertThat(governor.beforeConnect(A, now + ms(59_999)).kind()).isEqualTo(Verdict.Kind.REFUSE);
        assertThat(governor.beforeConnect(A, now + ms(60_000)).kind()).isEqualTo(Verdict.Kind.PROCEED);
    }

    @Test
    void withoutAThresholdNobodyIsEverRefused() {
        var governor = exact().failFastAfter(PoolConfig.UNLIMITED).build();
        fail(governor, 1_000);
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.WAIT);
        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aHopelessFailureOpensTheCircuitAtOnce() {
        var governor = exact().failFastAfter(PoolConfig.UNLIMITED)
                .failFastOn(cause -> cause instanceof SecurityException)
                .build();
        governor.onConnectFailed(A, now, new SecurityException("wrong password"));
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.REFUSE);
        now += ms(100);
        fail(governor, 1);
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.WAIT);
    }

    @Test
    void aFailureMayAskForALongerPauseThanTheBackoff() {
        var governor = exact().retryAfter(cause -> Duration.ofSeconds(7)).build();
        fail(governor, 1);
        assertThat(governor.peek(A, now).delay()).isEqualTo(Duration.ofSeconds(7));
        var shorter = exact().retryAfter(cause -> Duration.ofMillis(7)).build();
        fail(shorter, 1);
        assertThat(shorter.peek(A, now).delay()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void whatItIsGivenToReadFailuresMayThrow() {
        var governor = exact().retryAfter(cause -> {
                    throw new IllegalStateException("retryAfter");
                })
                .failFastOn(cause -> {
                    throw new IllegalStateException("failFastOn");
                })
                .build();
        fail(governor, 1);
        assertThat(governor.peek(A, now)).satisfies(verdict -> {
            assertThat(verdict.kind()).isEqualTo(Verdict.Kind.WAIT);
            assertThat(verdict.delay()).isEqualTo(Duration.ofMillis(100));
        });
    }

    @Test
    void anEndpointDoesNotSufferFromAnother() {
        var governor = exact().build();
        fail(governor, 5);
        assertThat(governor.beforeConnect("b", now).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(governor.beforeConnect("b", now).kind()).isEqualTo(Verdict.Kind.PROCEED);
    }

    @Test
    void anEndpointThatNobodyComesBackToIsForgottenAfterAMinute() {
        var governor = exact().build();
        fail(governor, 5);
        now += ms(60_099);
        governor.onConnectFailed("b", now, refused);
        assertThat(governor.remembered()).isEqualTo(2);
        now += ms(1);
        governor.onConnectFailed("c", now, refused);
        assertThat(governor.remembered()).isEqualTo(2);
        assertThat(governor.circuit(A, now).failures()).isZero();
    }

    @Tag("large")
    @Test
    void aMillionFailingEndpointsTakeABoundedPlace() {
        var governor = exact().build();
        for (int i = 0; i < 1_000_000; i++) {
            governor.onConnectFailed("endpoint " + i, now, refused);
        }
        assertThat(governor.remembered()).isEqualTo(CircuitGovernor.MOST);
        assertThat(governor.circuit("endpoint 999999", now).failures()).isOne();
        assertThat(governor.circuit("endpoint 0", now).failures()).isZero();
    }

    @Test
    void eachChangeIsToldOnceUntilTheObserverEnds() {
        var governor = exact().build();
        var told = new ArrayList<String>();
        Runnable end = governor.observe((endpoint, before, after) -> told.add(before + " " + after.state()));
        governor.observe((endpoint, before, after) -> {
            throw new IllegalStateException("a bad observer");
        });
        fail(governor, 7);
        now += ms(100);
        governor.beforeConnect(A, now);
        governor.beforeConnect(A, now);
        fail(governor, 1);
        now += ms(200);
        governor.beforeConnect(A, now);
        governor.onConnected(A, now);
        governor.onConnected(A, now);
        assertThat(told)
                .containsExactly(
                        "CLOSED OPEN", "OPEN HALF_OPEN", "HALF_OPEN OPEN", "OPEN HALF_OPEN", "HALF_OPEN CLOSED");
        end.run();
        fail(governor, 5);
        assertThat(told).hasSize(5);
    }

    @Test
    void knobsOutOfBoundsAreRefusedWithNameValueAndBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitGovernor.builder().failFastAfter(0))
                .withMessage("failFastAfter must be at least 1, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitGovernor.builder().initialBackoff(Duration.ZERO))
                .withMessage("initialBackoff must be at least 1 ms, but is 0 ms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitGovernor.builder().maxBackoff(Duration.ofNanos(1)))
                .withMessage("maxBackoff must be at least 1 ms, but is 1 ns");
        for (double factor : new double[] {0.99, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CircuitGovernor.builder().backoffFactor(factor))
                    .withMessage("backoffFactor must be at least 1, but is " + factor);
        }
        for (double jitter : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CircuitGovernor.builder().backoffJitter(jitter))
                    .withMessage("backoffJitter must be from 0 to 1, but is " + jitter);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitGovernor.builder()
                        .initialBackoff(Duration.ofSeconds(2))
                        .build())
                .withMessage("maxBackoff must be at least initialBackoff (2 s), but is 800 ms");
    }

    @Test
    void aBuilderThatGoesOnBeingUsedDoesNotChangeWhatItHasBuilt() {
        var builder = exact().failFastAfter(2);
        var governor = builder.build();
        builder.failFastAfter(9);
        fail(governor, 2);
        assertThat(governor.circuit(A, now).state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aLongRowOfFailuresDoesNotOverflowThePause() {
        var pauses = pauses(exact().maxBackoff(PoolConfig.NO_LIMIT).build(), 40);
        assertThat(pauses).allMatch(pause -> pause > 0).isSorted();
    }

    @Test
    void knobsAtTheirBoundsAreTaken() {
        var governor = CircuitGovernor.builder()
                .initialBackoff(Duration.ofMillis(1))
                .maxBackoff(Duration.ofMillis(1))
                .backoffFactor(1)
                .build();
        fail(governor, 1);
        assertThat(governor.peek(A, now).delay()).isLessThanOrEqualTo(Duration.ofMillis(1));
    }

    @Test
    void aProbeThatIsNotMadeAfterAllIsTold() {
        var governor = exact().build();
        var told = new ArrayList<String>();
        governor.observe((endpoint, before, after) -> told.add(before + " " + after.state()));
        fail(governor, 20);
        now += ms(10_000);
        assertThat(governor.beforeConnect(A, now).kind()).isEqualTo(Verdict.Kind.PROCEED);
        told.clear();

        governor.onConnectCancelled(A, now);

        assertThat(told).containsExactly("HALF_OPEN OPEN");
    }

    @Test
    void noneOfItsMethodsKeepsItsLock() throws Exception {
        var governor = exact().build();
        List<Runnable> steps = List.of(
                () -> governor.onConnectFailed(A, now, refused),
                () -> governor.circuit(A, now),
                () -> governor.peek(A, now),
                () -> governor.beforeConnect(A, now),
                () -> governor.onConnectCancelled(A, now),
                () -> governor.onConnected(A, now));
        for (Runnable step : steps) {
            step.run();
            CompletableFuture.runAsync(governor::remembered).get(20, TimeUnit.SECONDS);
        }
    }
}
