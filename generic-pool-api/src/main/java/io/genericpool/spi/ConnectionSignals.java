package io.genericpool.spi;

import org.jspecify.annotations.Nullable;

/**
 * Signals from a connection to its pool. Any thread may call the methods, in any state of the connection, any number
 * of times. The methods return at once. They run no code of the manager or of a listener on the calling thread.
 */
public interface ConnectionSignals {
    /**
     * Reports that the connection is dead. The pool never lends it again. It disposes an idle connection at once and a
     * leased one at its release. A connection being opened, checked or reset is disposed as soon as that ends.
     *
     * @param cause the error that killed the connection; null when it was closed normally
     */
    void dead(@Nullable Throwable cause);

    /**
     * Reports that the connection should no longer be used, for example because its server announced a shutdown. The
     * pool disposes an idle connection at once and a leased one at its release.
     */
    void retire();

    /**
     * Reports that the connection may be dead, for example because another one to the same server has failed. The pool
     * checks it before it lends it again, whatever {@code alivenessBypass} says. A present lease is not concerned. A pool
     * whose manager has no check treats this as {@link #retire}.
     */
    default void suspect() {
        retire();
    }
}
