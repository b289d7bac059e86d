package io.genericpool.websocket;

import java.util.concurrent.CompletionStage;

/**
 * What an application does with a connection when no user holds it: after it was opened (log in, await a greeting), or
 * between two leases (unsubscribe, await the answer).
 */
@FunctionalInterface
public interface ConnectionHook {
    /**
     * Begins to do it. Called on a thread of the manager.
     *
     * @param connection a view for this purpose, which ends with the stage
     * @return ends when the connection is ready for its next user; exceptionally when it must be discarded
     * @throws Exception when the connection must be discarded
     */
    CompletionStage<?> apply(WebSocketConnection connection) throws Exception;
}
