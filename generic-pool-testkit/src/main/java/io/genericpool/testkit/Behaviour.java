package io.genericpool.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Defines how one call to a {@link ScriptedManager} behaves: what it first does or waits for, and how it ends.
 * Immutable; any number of calls may use it at once.
 *
 * <p>A call that returns a stage does not wait; its stage waits instead. Such calls are resets and the calls of a
 * {@link ScriptedAsyncManager}. {@link #fail(Throwable)} makes the stage fail.
 */
public final class Behaviour {
    private static final Behaviour SUCCEED = new Behaviour(null, null, true, End.SUCCEED, null);

    private final @Nullable Action action;
    private final @Nullable Gate gate;
    private final boolean honoursInterrupts;
    private final End end;
    private final @Nullable Supplier<? extends Throwable> failure;

    private Behaviour(
            @Nullable Action action,
            @Nullable Gate gate,
            boolean honoursInterrupts,
            End end,
            @Nullable Supplier<? extends Throwable> failure) {
        this.action = action;
        this.gate = gate;
        this.honoursInterrupts = honoursInterrupts;
        this.end = end;
        this.failure = failure;
    }

    /**
     * Behaves like a healthy server.
     *
     * @return the behaviour
     */
    public static Behaviour succeed() {
        return SUCCEED;
    }

    /**
     * Fails.
     *
     * @param failure the failure of the call or of its stage; an {@code Exception} or {@code Error}
     * @return the behaviour
     */
    public static Behaviour fail(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return fail(() -> failure);
    }

    /**
     * Fails with a new failure for each call.
     *
     * @param failure creates the failure of the call or of its stage; an {@code Exception} or {@code Error}
     * @return the behaviour
     */
    public static Behaviour fail(Supplier<? extends Throwable> failure) {
        return new Behaviour(null, null, true, End.FAIL, Objects.requireNonNull(failure, "failure"));
    }

    /**
     * Throws, even when the call returns a stage.
     *
     * @param failure the exception to throw; an {@code Exception} or {@code Error}, unchecked where stages are returned
     * @return the behaviour
     */
    public static Behaviour throwAtOnce(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return new Behaviour(null, null, true, End.THROW, () -> failure);
    }

    /**
     * Returns null instead of a connection, a view or a stage. A stage of a connection completes with null.
     *
     * @return the behaviour
     */
    public static Behaviour returnNull() {
        return new Behaviour(null, null, true, End.NULL, null);
    }

    /**
     * Answers no to {@code checkAliveness} and {@code isFatal}. Other calls succeed.
     *
     * @return the behaviour
     */
    public static Behaviour answerNo() {
        return new Behaviour(null, null, true, End.NO, null);
    }

    /**
     * Hangs until the gate is opened, and then succeeds, possibly after the timeout. An interrupt or a cancellation of
     * the stage ends the call.
     *
     * @param gate the gate to wait for
     * @return the behaviour
     */
    public static Behaviour hang(Gate gate) {
        return new Behaviour(null, Objects.requireNonNull(gate, "gate"), true, End.SUCCEED, null);
    }

    /**
     * Hangs until the gate is opened, despite interrupts and cancellations, and then succeeds.
     *
     * @param gate the gate to wait for
     * @return the behaviour
     */
    public static Behaviour hangIgnoringInterrupts(Gate gate) {
        return new Behaviour(null, Objects.requireNonNull(gate, "gate"), false, End.SUCCEED, null);
    }

    /**
     * Runs an action on the thread of the call, and then succeeds.
     *
     * @param action the action
     * @return the behaviour
     */
    public static Behaviour perform(Action action) {
        return new Behaviour(Objects.requireNonNull(action, "action"), null, true, End.SUCCEED, null);
    }

    /**
     * Takes some virtual time: moves the clock on the thread of the call, and then succeeds. Use it in tests with one
     * thread, where no other thread moves the clock. Due timers run meanwhile. However, a blocking caller on the same
     * thread cannot leave at its deadline before the call has ended.
     *
     * @param clock the clock to move
     * @param time the time to take; zero or more
     * @return the behaviour
     * @throws IllegalArgumentException when the time is negative
     */
    public static Behaviour take(FakePoolClock clock, Duration time) {
        Objects.requireNonNull(clock, "clock");
        FakePoolClock.requireNotNegative(time);
        return perform(() -> clock.advance(time));
    }

    /**
     * Returns this behaviour with another ending.
     *
     * @param ending the behaviour with the ending: {@code succeed}, {@code fail}, {@code returnNull}, {@code answerNo}
     * @return the behaviour
     */
    public Behaviour then(Behaviour ending) {
        return new Behaviour(action, gate, honoursInterrupts, ending.end, ending.failure);
    }

    End end() {
        return end;
    }

    @Nullable
    Gate gate() {
        return gate;
    }

    boolean honoursInterrupts() {
        return honoursInterrupts;
    }

    boolean isPlainSuccess() {
        return gate == null && end != End.FAIL && end != End.NULL;
    }

    /** Everything a blocking call does, up to its end. */
    void play() throws Exception {
        begin();
        if (gate != null) {
            gate.pass(honoursInterrupts);
        }
        if (end == End.FAIL) {
            raise();
        }
    }

    /** What is done on the calling thread in any case. */
    void begin() throws Exception {
        if (action != null) {
            action.run();
        }
        if (end == End.THROW) {
            raise();
        }
    }

    Throwable failure() {
        return Objects.requireNonNull(failure, "failure").get();
    }

    private void raise() throws Exception {
        var thrown = failure();
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    /** How a call ends. */
    enum End {
        SUCCEED,
        FAIL,
        THROW,
        NULL,
        NO
    }

    /** An action that may fail. */
    @FunctionalInterface
    public interface Action {
        /**
         * Runs the action.
         *
         * @throws Exception the exception that the call is to throw
         */
        void run() throws Exception;
    }
}
