package io.genericpool.spi;

import io.genericpool.DisposeReason;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * A manager that opens, checks and disposes connections without blocking a thread. The pool starts each call on its
 * connect executor. The thread is free again as soon as the call returns its stage. When a call exceeds its timeout,
 * the pool cancels the stage's future. When the call exceeds twice its timeout, the connection is counted as abandoned.
 *
 * <p>The blocking methods wait for these stages. They serve callers that use a manager directly.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public interface AsyncConnectionManager<E, C> extends ConnectionManager<E, C> {
    /**
     * Opens a connection. Must not block.
     *
     * @param endpoint the endpoint
     * @param timeout the maximum time of the attempt
     * @return the stage of a connection that is ready for use. When the connection arrives after the stage was
     *     cancelled, the manager itself must dispose it
     */
    CompletionStage<C> createAsync(E endpoint, Duration timeout);

    /**
     * Tells whether a connection is still usable. Must not block.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param timeout the maximum time of the check
     * @return the stage of the answer; a failed stage means no
     */
    CompletionStage<Boolean> checkAlivenessAsync(E endpoint, C connection, Duration timeout);

    /**
     * Disposes a connection. Must not block.
     *
     * @param endpoint the endpoint
     * @param connection the connection
     * @param reason the reason
     * @param timeout the maximum time of the disposal
     * @return a stage that completes when the connection is closed
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
