package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.testkit.FakePoolClock;
import io.genericpool.websocket.internal.socket.Drainer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class DrainerTest {
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration ALMOST = Duration.ofMillis(99);

    private final FakePoolClock clock = new FakePoolClock();

    private Drainer drainer(Drain drain) {
        return new Drainer(WebSocketEndpoint.of("ws://example.com/"), drain.rules(), clock, Runnable::run);
    }

    @Test
    void isQuietOnceNothingHasArrivedForTheQuietPeriod() {
        var drainer = drainer(Drain.quietFor(QUIET));
        var quiet = drainer.start();
        clock.advance(ALMOST);
        drainer.accept(Message.text("late"));
        clock.advance(ALMOST);
        assertThat(quiet).isNotDone();
        clock.advance(QUIET.minus(ALMOST));
        assertThat(quiet).isCompleted();
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void countsThePeriodFromItsStart() {
        var drainer = drainer(Drain.quietFor(QUIET));
        clock.advance(QUIET.multipliedBy(5));
        var quiet = drainer.start();
        clock.advance(ALMOST);
        assertThat(quiet).isNotDone();
    }

    @Test
    void failsWhenItIsNeverQuiet() {
        var drainer = drainer(Drain.quietFor(QUIET).atMost(QUIET.multipliedBy(3)));
        var quiet = drainer.start();
        for (int i = 0; i < 6; i++) {
            assertThat(quiet).isNotDone();
            drainer.accept(Message.text("noise"));
            clock.advance(QUIET.dividedBy(2));
        }
        assertThatThrownBy(quiet::join).hasCauseInstanceOf(WebSocketTimeoutException.class);
    }

    @Test
    void isQuietWhenTheQuietPeriodIsAllTheTimeThereIs() {
        var quiet = drainer(Drain.quietFor(QUIET).atMost(QUIET)).start();
        clock.advance(QUIET);
        assertThat(quiet).isCompleted();
    }

    @Test
    void doesNotLetItsDeadlineOvertakeTheQuietOnTheExecutor() {
        var handedOn = new ArrayDeque<Runnable>();
        var drain = Drain.quietFor(QUIET).atMost(QUIET);
        var drainer = new Drainer(WebSocketEndpoint.of("ws://example.com/"), drain.rules(), clock, handedOn::push);
        var quiet = drainer.start();
        clock.advance(QUIET);
        // Threads keep no order: what was handed on last is done first.
        while (!handedOn.isEmpty()) {
            handedOn.pop().run();
        }
        assertThat(quiet).isCompleted();
        assertThat(clock.pendingTimers()).isZero();
    }

    @Test
    void failsAtOnceWhenSomethingElseThanTheHarmlessWasLeftOver() {
        var drainer = drainer(Drain.quietFor(QUIET).onlyIf(Message::isText));
        drainer.accept(Message.binary(new byte[1]));
        assertThat(drainer.hasFailed()).isTrue();
        assertThat(drainer.start()).isCompletedExceptionally();
        assertThat(clock.pendingTimers()).isZero();
    }
}
