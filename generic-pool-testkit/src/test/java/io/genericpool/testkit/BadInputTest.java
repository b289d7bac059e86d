package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a test gets wrong fails where it stands, not in the call that it was meant for. */
class BadInputTest {
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor tasks = new ManualExecutor();
    private final ScriptedManager<String> manager = ScriptedManager.plain();

    @Test
    void nullsAreRefusedByName() {
        Script script = manager.script(Operation.CREATE);
        Map.<String, ThrowingCallable>of(
                        "behaviour", () -> script.always(null),
                        "behaviour 1", () -> script.next(Behaviour.succeed(), null),
                        "time", () -> Behaviour.take(clock, null),
                        "clock", () -> Behaviour.take(null, Duration.ZERO),
                        "task", () -> tasks.execute(null))
                .forEach((name, call) ->
                        assertThatNullPointerException().isThrownBy(call).withMessage(name));
        assertThatNullPointerException().isThrownBy(() -> clock.advance(null)).withMessage("time");
        assertThat(script.take()).as("nothing of a refused row is taken").isNull();
    }

    @Test
    void numbersAndTimesBelowZeroAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tasks.rejectNext(-1))
                .withMessage("rejectNext must be at least 0, but is -1");
        var back = Duration.ofMillis(-1);
        for (ThrowingCallable call :
                new ThrowingCallable[] {() -> Behaviour.take(clock, back), () -> clock.advance(back)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(call)
                    .withMessage("time must not be negative, but is -1 ms");
        }
    }
}
