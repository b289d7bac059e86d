package io.genericpool.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one call to a {@link ScriptedManager} goes: what it does or waits for first, and how it ends. Immutable; may be
 * used for any number of calls at once. Where a call returns a stage (a reset, the calls of a
 * {@link ScriptedAsyncManager}) it does not wait: the stage does, and {@link #fail(Throwable)} makes the stage fail.
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
     * Does what a sound server does.
     *
     * @return the behaviour
     */
    public static Behaviour succeed() {
        return SUCCEED;
    }

    /**
     * Fails.
     *
     * @param failure what the call throws, or its stage fails with; an {@code Exception} or {@code Error}
     * @return the behaviour
     */
    public static Behaviour fail(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return fail(() -> failure);
    }

    /**
     * Fails, each time anew.
     *
     * @param failure makes what the call throws, or its stage fails with; an {@code Exception} or {@code Error}
     * @return the behaviour
     */
    public static Behaviour fail(Supplier<? extends Throwable> failure) {
        return new Behaviour(null, null, true, End.FAIL, Objects.requireNonNull(failure, "failure"));
    }

    /**
     * Throws, even where the call returns a stage.
     *
     * @param failure what the call throws; an {@code Exception} or {@code Error}, unchecked where stages are returned
     * @return the behaviour
     */
    public static Behaviour throwAtOnce(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return new Behaviour(null, null, true, End.THROW, () -> failure);
    }

    /**
     * Returns null where a connection, a view or a stage is expected; a stage of a connection ends with null.
     *
     * @return the behaviour
     */
    public static Behaviour returnNull() {
        return new Behaviour(null, null, true, End.NULL, null);
    }

    /**
     * Answers no: to {@code checkAliveness} and {@code isFatal}. Success elsewhere.
     *
     * @return the behaviour
     */
    public static Behaviour answerNo() {
        return new Behaviour(null, null, true, End.NO, null);
    }

    /**
     * Hangs until the gate is opened, and then succeeds: late, if that is after the timeout. An interrupt, or a
     * cancellation of the stage, ends it.
     *
     * @param gate what to wait for
     * @return the behaviour
     */
    public static Behaviour hang(Gate gate) {
        return new Behaviour(null, Objects.requireNonNull(gate, "gate"), true, End.SUCCEED, null);
    }

    /**
     * Hangs until the gate is opened, whatever happens meanwhile, and then succeeds.
     *
     * @param gate what to wait for
     * @return the behaviour
     */
    public static Behaviour hangIgnoringInterrupts(Gate gate) {
        return new Behaviour(null, Objects.requireNonNull(gate, "gate"), false, End.SUCCEED, null);
    }

    /**
     * Does something on the thread of the call, and then succeeds.
     *
     * @param action what to do
     * @return the behaviour
     */
    public static Behaviour perform(Action action) {
        return new Behaviour(Objects.requireNonNull(action, "action"), null, true, End.SUCCEED, null);
    }

    /**
     * Takes some virtual time: moves the clock on the thread of the call, and then succeeds. For tests on one thread,
     * where nobody else could move the clock meanwhile. Timers run on the way; but a blocking caller on that same thread
     * cannot leave at its deadline before the call has ended.
     *
     * @param clock the clock to move
     * @param time how far; zero or more
     * @return the behaviour
     * @throws IllegalArgumentException when the time is negative
     */
    public static Behaviour take(FakePoolClock clock, Duration time) {
        Objects.requireNonNull(clock, "clock");
        FakePoolClock.requireNotNegative(time);
        return perform(() -> clock.advance(time));
    }

    /**
     * The same at first, with another end.
     *
     * @param ending the behaviour whose end is taken: {@code succeed}, {@code fail}, {@code returnNull}, {@code answerNo}
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

    /** Something to do that may fail. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception what the call is to throw
         */
        void run() throws Exception;
    }
}
