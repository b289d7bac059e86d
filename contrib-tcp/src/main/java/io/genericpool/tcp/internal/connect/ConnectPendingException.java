package io.genericpool.tcp.internal.connect;

import java.io.IOException;

/** Says that a {@link Step} must be run again once its socket's connect has ended. */
final class ConnectPendingException extends IOException {
    private static final long serialVersionUID = 1;

    @Override
    public Throwable fillInStackTrace() {
        return this; // it is an answer, not an error
    }
}
