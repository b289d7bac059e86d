package io.genericpool.core.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.CircuitState;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.spi.ConnectGovernor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several governors in one: all must agree, and none is owed an answer for what another one forbids. */
class CombinedGovernorTest {
    private final List<String> told = new ArrayList<>();
    private final Told first = new Told("first");
    private final Told second = new Told("second");
    private final ConnectGovernor<String> both = ConnectGovernor.all(first, second);

    /** Answers as it is told, and notes what it is asked and told. */
    private final class Told implements ConnectGovernor<Object> {
        private final String name;
        Verdict verdict = Verdict.proceed();
        Verdict look = Verdict.proceed();

        Told(String name) {
            this.name = name;
        }

        @Override
        public Verdict beforeConnect(Object endpoint, long nowNanos) {
            told.add(name + " asked");
            return verdict;
        }

        @Override
        public Verdict peek(Object endpoint, long nowNanos) {
            return look;
        }

        @Override
        public void onConnected(Object endpoint, long nowNanos) {
            told.add(name + " connected");
        }

        @Override
        public void onConnectFailed(Object endpoint, long nowNanos, Throwable cause) {
            told.add(name + " failed");
            throw new IllegalStateException(name);
        }

        @Override
        public void onConnectCancelled(Object endpoint, long nowNanos) {
            told.add(name + " cancelled");
        }

        @Override
        public void onEndpointRemoved(Object endpoint) {
            told.add(name + " removed");
        }
    }

    @Test
    void aConnectStartsWhenAllAgree() {
        assertThat(both.beforeConnect("a", 0).kind()).isEqualTo(ConnectGovernor.Verdict.Kind.PROCEED);
        both.onConnected("a", 0);
        both.onEndpointRemoved("a");
        assertThat(told)
                .containsExactly(
                        "first asked",
                        "second asked",
                        "first connected",
                        "second connected",
                        "first removed",
                        "second removed");
    }

    @Test
    void whatOneForbidsAtSightTheOthersAreNotAskedFor() {
        second.look = ConnectGovernor.Verdict.waitFor(Duration.ofSeconds(1));
        assertThat(both.beforeConnect("a", 0)).isSameAs(second.look);
        assertThat(told).isEmpty();
    }

    @Test
    void whoHasAllowedWhatAnotherForbidsIsToldThatItIsNotMade() {
        second.verdict = ConnectGovernor.Verdict.waitFor(Duration.ofSeconds(1));
        assertThat(both.beforeConnect("a", 0)).isSameAs(second.verdict);
        assertThat(told).containsExactly("first asked", "second asked", "first cancelled");
    }

    @Test
    void theStrictestAnswerCountsThenTheLongest() {
        first.look = ConnectGovernor.Verdict.waitFor(Duration.ofSeconds(5));
        second.look = ConnectGovernor.Verdict.refuseFor(Duration.ofSeconds(1), null);
        assertThat(both.peek("a", 0)).isSameAs(second.look);
        second.look = ConnectGovernor.Verdict.waitFor(Duration.ofSeconds(6));
        assertThat(both.peek("a", 0)).isSameAs(second.look);
    }

    @Test
    void oneThatThrowsDoesNotKeepTheOthersFromHearing() {
        assertThatThrownBy(() -> both.onConnectFailed("a", 0, new IOException()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("first")
                .hasSuppressedException(new IllegalStateException("second"));
        assertThat(told).containsExactly("first failed", "second failed");
    }

    @Test
    void aProbeThatTheRateForbidsIsMadeLater() {
        var circuit =
                CircuitGovernor.builder().backoffJitter(0).failFastAfter(1).build();
        ConnectGovernor<String> governor = ConnectGovernor.all(circuit, second);
        circuit.onConnectFailed("a", 0, new IOException());
        long after = Duration.ofMillis(100).toNanos();
        second.verdict = ConnectGovernor.Verdict.waitFor(Duration.ofSeconds(1));
        assertThat(governor.beforeConnect("a", after)).isSameAs(second.verdict);
        assertThat(governor.circuit("a", after).state()).isEqualTo(CircuitState.OPEN);
        second.verdict = ConnectGovernor.Verdict.proceed();
        assertThat(governor.beforeConnect("a", after).kind()).isEqualTo(ConnectGovernor.Verdict.Kind.PROCEED);
        assertThat(governor.circuit("a", after).state()).isEqualTo(CircuitState.HALF_OPEN);
    }

    @Test
    void changesOfTheirCircuitsAreObserved() {
        var circuit = CircuitGovernor.builder().failFastAfter(1).build();
        ConnectGovernor<String> governor = ConnectGovernor.all(circuit, second);
        var changes = new ArrayList<CircuitState>();
        Runnable end = governor.observe((endpoint, before, after) -> changes.add(after.state()));
        governor.onConnected("a", 0);
        circuit.onConnectFailed("a", 0, new IOException());
        end.run();
        circuit.onConnected("a", 0);
        assertThat(changes).containsExactly(CircuitState.OPEN);
    }

    @Test
    void noneIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> ConnectGovernor.all(null))
                .withMessage("first");
        assertThatNullPointerException().isThrownBy(() -> ConnectGovernor.all(first, (ConnectGovernor<Object>) null));
    }
}
