package io.genericpool.tcp.internal.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import tlschannel.TlsChannel;

/** The handshake on a socket that does not wait. One that fails tells the peer why, as far as its buffers take it. */
public final class TlsHandshake implements Step {
    private final TlsChannel channel;

    TlsHandshake(TlsChannel channel) {
        this.channel = channel;
    }

    @Override
    public void run() throws IOException {
        try {
            channel.handshake();
        } catch (SSLException e) {
            sendAlert();
            throw e;
        } catch (ClosedChannelException e) {
            var failure = new SSLHandshakeException("the peer has closed the connection during the TLS handshake");
            failure.initCause(e);
            throw failure;
        }
    }

    private void sendAlert() {
        SSLEngine engine = channel.getSslEngine();
        ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            engine.wrap(ByteBuffer.allocate(0), alert);
            channel.getUnderlying().write(alert.flip());
        } catch (IOException | RuntimeException e) {
            // The peer learns less; the failure is told by the caller.
        }
    }
}
