package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.websocket.internal.socket.Arrivals;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals();

    @Test
    void tellsInWhichEpochEachMessageBegan() {
        arrivals.begun(1);
        arrivals.begun(1);
        arrivals.begun(2);
        assertThat(arrivals.delivered()).isEqualTo(1);
        arrivals.begun(3);
        assertThat(arrivals.delivered()).isEqualTo(1);
        assertThat(arrivals.delivered()).isEqualTo(2);
        assertThat(arrivals.delivered()).isEqualTo(3);
        arrivals.begun(3);
        arrivals.begun(4);
        assertThat(arrivals.delivered()).isEqualTo(3);
        assertThat(arrivals.delivered()).isEqualTo(4);
    }

    @Test
    void knowsNothingOfAMessageThatHasNotBegun() {
        assertThatThrownBy(arrivals::delivered).isInstanceOf(NoSuchElementException.class);
        arrivals.begun(1);
        assertThat(arrivals.delivered()).isEqualTo(1);
        assertThatThrownBy(arrivals::delivered).isInstanceOf(NoSuchElementException.class);
    }
}
