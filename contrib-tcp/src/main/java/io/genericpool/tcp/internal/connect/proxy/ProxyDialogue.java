package io.genericpool.tcp.internal.connect.proxy;

import io.genericpool.tcp.internal.connect.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * What the handshakes with proxies have in common: messages written whole, answers of known length read exactly, since
 * what follows them belongs to the tunnel.
 */
abstract class ProxyDialogue implements Step {
    final TunnelRequest request;
    private final SocketChannel channel;

    ProxyDialogue(TunnelRequest request) {
        this.request = request;
        this.channel = request.channel();
    }

    /** Writes what is left of a message. */
    final void flush(ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            if (channel.write(message) == 0) {
                throw new NeedsWriteException();
            }
        }
    }

    /** Reads until a buffer is full. */
    final void fill(ByteBuffer answer) throws IOException {
        while (answer.hasRemaining()) {
            int count = channel.read(answer);
            if (count < 0) {
                throw failure("has closed the connection instead of an answer", -1);
            }
            if (count == 0) {
                throw new NeedsReadException();
            }
        }
    }

    final IOException failure(String what, int status) {
        return request.failures().of("proxy " + request.proxy() + " " + what, status);
    }
}
