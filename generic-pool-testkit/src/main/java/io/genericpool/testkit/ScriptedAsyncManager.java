package io.genericpool.testkit;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A {@link ScriptedManager} that overrides every hook, and that opens, checks and disposes connections without blocking
 * a thread. Its stages complete at once, or when their scripted {@link Gate} is opened. A create whose stage was
 * cancelled opens no connection.
 *
 * @param <E> the type of endpoints
 */
public final class ScriptedAsyncManager<E> extends FullScriptedManager<E>
        implements AsyncConnectionManager<E, FakeConnection<E>> {
    /** Creates a manager whose calls all succeed at once. */
    public ScriptedAsyncManager() {}

    @Override
    public CompletionStage<FakeConnection<E>> createAsync(E endpoint, Duration timeout) {
        var behaviour = next(Operation.CREATE, endpoint);
        long generation = server().connecting(endpoint);
        runProbe(Operation.CREATE);
        var stage = new ScriptedStage<FakeConnection<E>>(behaviour, () -> {}, () -> server().connectFailed(endpoint));
        stage.play(() -> connect(endpoint, generation));
        return stage;
    }

    @Override
    public CompletionStage<Boolean> checkAlivenessAsync(E endpoint, FakeConnection<E> connection, Duration timeout) {
        var behaviour = next(Operation.CHECK, endpoint);
        begin(Operation.CHECK, endpoint, connection);
        var rules = connection.rules();
        var stage = new ScriptedStage<Boolean>(behaviour, () -> {}, () -> rules.end(Operation.CHECK, false));
        stage.play(() -> {
            boolean alive = behaviour.end() != Behaviour.End.NO && connection.isOpen();
            rules.end(Operation.CHECK, alive);
            return alive;
        });
        return stage;
    }

    @Override
    public CompletionStage<?> disposeAsync(
            E endpoint, FakeConnection<E> connection, DisposeReason reason, Duration timeout) {
        var behaviour = next(Operation.DISPOSE, endpoint);
        Runnable disposed = () -> endDispose(connection, reason);
        var stage = new ScriptedStage<Object>(behaviour, disposed, disposed);
        if (!beginDispose(endpoint, connection, reason)) {
            stage.complete(false);
            return stage;
        }
        runProbe(Operation.DISPOSE);
        stage.play(Object::new);
        return stage;
    }
}
