package io.genericpool.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a connection can tell its pool by itself. Both methods may be called from any thread, in any state of the
 * connection, any number of times; they return at once and run no code of the manager or of a listener on the calling
 * thread.
 */
public interface ConnectionSignals {
    /**
     * The connection is gone: it is not handed out again. An idle one is disposed at once, a leased one at its release,
     * one that is being made, checked or reset as soon as that ends.
     *
     * @param cause the error it died of; null when it was closed in an orderly way
     */
    void dead(@Nullable Throwable cause);

    /**
     * The connection should not be used any longer (its server gave notice, say): it is disposed at its next release, an
     * idle one at once.
     */
    void retire();
}
