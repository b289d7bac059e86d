package io.genericpool.tcp.internal.connect;

import java.io.IOException;

/**
 * Something done to a socket that does not wait: a connect, a handshake. It is run again and again, and goes on where it
 * was, until it returns. Until then it throws a {@link tlschannel.NeedsReadException},
 * {@link tlschannel.NeedsWriteException}, {@link tlschannel.NeedsTaskException} or {@link ConnectPendingException}.
 */
public interface Step {
    void run() throws IOException;
}
