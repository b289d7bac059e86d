package io.genericpool.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A stage that goes as a {@link Behaviour} says. The end of the call is noted before the stage ends, since those who
 * depend on the stage may begin the next call at once.
 */
final class ScriptedStage<T> extends CompletableFuture<T> {
    private final Behaviour behaviour;
    private final Runnable onSuccess;
    private final Runnable onFailure;
    private final AtomicBoolean ended = new AtomicBoolean();

    ScriptedStage(Behaviour behaviour, Runnable onSuccess, Runnable onFailure) {
        this.behaviour = behaviour;
        this.onSuccess = onSuccess;
        this.onFailure = onFailure;
    }

    /** Begins; throws what the behaviour throws at once. */
    void play(Supplier<? extends T> result) {
        try {
            behaviour.begin();
        } catch (Exception | Error e) {
            ended.set(true);
            onFailure.run();
            if (e instanceof Error error) {
                throw error;
            }
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
        var gate = behaviour.gate();
        if (gate == null) {
            end(result);
        } else {
            gate.whenOpen(() -> end(result));
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        var gate = behaviour.gate();
        if (gate != null && !isDone()) {
            gate.countInterrupt();
            if (!behaviour.honoursInterrupts()) {
                return false;
            }
        }
        if (ended.compareAndSet(false, true)) {
            onFailure.run();
        }
        return super.cancel(mayInterruptIfRunning);
    }

    private void end(Supplier<? extends T> result) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (behaviour.end() == Behaviour.End.FAIL) {
            onFailure.run();
            completeExceptionally(behaviour.failure());
        } else if (behaviour.end() == Behaviour.End.NULL) {
            onFailure.run();
            complete(ScriptedManager.nothing());
        } else {
            T value = result.get();
            onSuccess.run();
            complete(value);
        }
    }
}
