package io.genericpool.spi;

import io.genericpool.DisposeReason;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * A manager that makes, checks and disposes connections without holding a thread. The pool starts each call on its
 * connect executor and is free of that thread as soon as the stage is returned. When a call overruns its timeout, the
 * pool cancels the stage's future; when it overruns as long again, the connection is counted as abandoned.
 *
 * <p>The blocking methods are implemented by waiting for these stages, for those who call a manager directly.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface AsyncConnectionManager<E, C> extends ConnectionManager<E, C> {
    /**
     * Makes a connection; must not block.
     *
     * @param endpoint where to
     * @param timeout how long it may take
     * @return the stage of a connection that is ready for use; a connection that comes after the stage was cancelled
     *     must be disposed by the manager itself
     */
    CompletionStage<C> createAsync(E endpoint, Duration timeout);

    /**
     * Tells whether a connection can still be used; must not block.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param timeout how long it may take
     * @return the stage of the answer; failing means no
     */
    CompletionStage<Boolean> checkAlivenessAsync(E endpoint, C connection, Duration timeout);

    /**
     * Disposes a connection; must not block.
     *
     * @param endpoint where to
     * @param connection the connection
     * @param reason why
     * @param timeout how long it may take
     * @return a stage that ends when the connection is gone
     */
    CompletionStage<?> disposeAsync(E endpoint, C connection, DisposeReason reason, Duration timeout);

    @Override
    default C create(E endpoint, Duration timeout) throws Exception {
        return await(createAsync(endpoint, timeout));
    }

    @Override
    default boolean checkAliveness(E endpoint, C connection, Duration timeout) throws Exception {
        return await(checkAlivenessAsync(endpoint, connection, timeout));
    }

    @Override
    default void dispose(E endpoint, C connection, Duration timeout) throws Exception {
        dispose(endpoint, connection, DisposeReason.CLOSED, timeout);
    }

    @Override
    default void dispose(E endpoint, C connection, DisposeReason reason, Duration timeout) throws Exception {
        await(disposeAsync(endpoint, connection, reason, timeout));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        var future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Exception exception) {
                throw exception;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw e;
        } catch (InterruptedException | CancellationException e) {
            future.cancel(true);
            throw e;
        }
    }
}
