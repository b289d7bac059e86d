package io.genericpool.websocket.internal.queue;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketInterruptedException;
import io.genericpool.websocket.WebSocketTimeoutException;
import java.time.Duration;

/** Why a receive ends without a message. */
record QueueErrors(WebSocketEndpoint endpoint) {
    WebSocketTimeoutException timeout(long nanos) {
        Duration timeout = Duration.ofNanos(nanos);
        return new WebSocketTimeoutException(
                "no message arrived from " + endpoint + " within " + Nanos.text(timeout), timeout, null);
    }

    WebSocketInterruptedException interrupted() {
        return new WebSocketInterruptedException(
                "the thread was interrupted while it waited for a message from " + endpoint,
                new InterruptedException());
    }

    IllegalStateException secondReader() {
        return new IllegalStateException(
                "another receive already waits for a message from " + endpoint + "; use one reader at a time");
    }

    IllegalStateException leaseEnded() {
        return new IllegalStateException("the lease of this connection to " + endpoint + " has ended");
    }
}
