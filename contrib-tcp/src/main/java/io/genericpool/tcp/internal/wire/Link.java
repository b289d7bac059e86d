package io.genericpool.tcp.internal.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;
import tlschannel.NeedsTaskException;
import tlschannel.NeedsWriteException;
import tlschannel.TlsChannel;
import tlschannel.WouldBlockException;

/** The bytes of a conversation: those on the wire, or inside TLS. Says by exceptions what a call would have to wait for. */
public final class Link {
    private final ByteChannel wire;
    private final @Nullable TlsChannel tls;

    public Link(ByteChannel wire, @Nullable TlsChannel tls) {
        this.wire = wire;
        this.tls = tls;
    }

    /**
     * Reads what there is.
     *
     * @return the number of bytes, at least 1 if the target has room; -1 at the end
     * @throws NeedsReadException when the wire would have to wait longer for data, nothing is lost
     * @throws NeedsWriteException when it would have to wait to answer the peer's TLS
     */
    int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        int count = tls == null ? wire.read(target) : readInside(tls, target);
        if (count == 0) {
            throw new NeedsReadException();
        }
        return count;
    }

    private static int readInside(TlsChannel tls, ByteBuffer target) throws IOException {
        while (true) {
            try {
                int count = tls.read(target);
                if (count < 0 && !tls.shutdownReceived()) {
                    throw new SSLException(
                            "the peer has closed the connection without close_notify: data may be missing");
                }
                return count;
            } catch (NeedsTaskException e) {
                e.getTask().run();
            }
        }
    }

    /**
     * Writes all.
     *
     * @throws NeedsWriteException when the wire would have to wait; to go on, call again with the same buffer
     */
    public void write(ByteBuffer source) throws IOException {
        if (tls == null) {
            wire.write(source);
            if (source.hasRemaining()) {
                throw new NeedsWriteException();
            }
        } else {
            writeInside(tls, source);
        }
    }

    private static void writeInside(TlsChannel tls, ByteBuffer source) throws IOException {
        while (true) {
            try {
                tls.write(source);
                return;
            } catch (NeedsTaskException e) {
                e.getTask().run();
            }
        }
    }

    /** Tells the peer the end of what is written, in words of TLS, as far as the wire takes it. */
    void sayGoodbye() throws IOException {
        if (tls != null && !tls.shutdownSent()) {
            try {
                tls.shutdown();
            } catch (WouldBlockException e) {
                // A peer that reads nothing will not read this either.
            }
        }
    }

    public Optional<SSLSession> session() {
        return tls == null ? Optional.empty() : Optional.of(tls.getSslEngine().getSession());
    }

    public Optional<String> applicationProtocol() {
        String protocol = tls == null ? null : tls.getSslEngine().getApplicationProtocol();
        return protocol == null || protocol.isEmpty() ? Optional.empty() : Optional.of(protocol);
    }
}
