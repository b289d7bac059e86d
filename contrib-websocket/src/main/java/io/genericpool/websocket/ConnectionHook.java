package io.genericpool.websocket;

import java.util.concurrent.CompletionStage;

/**
 * Code of the application that runs with a connection while no lease holds it. It runs after the connection was opened
 * (log in, await a greeting), or between two leases (unsubscribe, await the answer).
 */
@FunctionalInterface
public interface ConnectionHook {
    /**
     * Starts the work. Called on a thread of the manager.
     *
     * @param connection a view for this purpose, which ends with the stage
     * @return a stage that completes when the connection is ready for its next lease, or fails when it must be
     *     discarded
     * @throws Exception when the connection must be discarded
     */
    CompletionStage<?> apply(WebSocketConnection connection) throws Exception;
}
