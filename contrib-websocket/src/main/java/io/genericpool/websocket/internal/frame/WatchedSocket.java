package io.genericpool.websocket.internal.frame;

import okio.Sink;
import okio.Socket;
import okio.Source;
import org.jspecify.annotations.Nullable;

/** An upgraded socket whose frames are watched in both directions; OkHttp is given it in place of the real one. */
public final class WatchedSocket implements Socket {
    private final Socket delegate;
    private final InboundFrames inbound;
    private final OutboundFrames outbound;

    /**
     * Wraps a socket.
     *
     * @param delegate the socket, right after the upgrade
     * @param events is told what happens
     * @param maxMessageSize the size of a message of the peer at most, inflated
     * @param deflation what was agreed on, or null when messages of the peer are not deflated
     */
    public WatchedSocket(Socket delegate, FrameEvents events, long maxMessageSize, @Nullable Deflation deflation) {
        this.delegate = delegate;
        this.outbound = new OutboundFrames(delegate.getSink(), events);
        this.inbound = new InboundFrames(delegate.getSource(), outbound, events, maxMessageSize, deflation);
    }

    @Override
    public Source getSource() {
        return inbound;
    }

    @Override
    public Sink getSink() {
        return outbound;
    }

    @Override
    public void cancel() {
        delegate.cancel();
    }

    /**
     * Sends a ping. May block in a write when the peer does not read; it does not wait behind another frame.
     *
     * @param id what the pong will carry; not 0. A pong to an earlier one is no longer recognised
     */
    public void ping(long id) {
        outbound.ping(id);
    }

    /**
     * What has passed so far.
     *
     * @return messages and pings since the upgrade; bytes with headers, above TLS
     */
    public FrameCounts counts() {
        return new FrameCounts(
                inbound.messages.getOpaque(),
                outbound.messages.getOpaque(),
                inbound.bytes.getOpaque(),
                outbound.bytes.getOpaque(),
                inbound.pings.getOpaque(),
                outbound.pings.getOpaque(),
                inbound.pongs.getOpaque());
    }

    /**
     * How many bytes the peer has sent: a sign of life.
     *
     * @return the counter
     */
    public long bytesRead() {
        return inbound.bytes.getOpaque();
    }

    /**
     * When the peer has sent something last, by {@link System#nanoTime}.
     *
     * @return the time; that of the upgrade when nothing was sent yet
     */
    public long lastReadNanos() {
        return inbound.lastReadNanos;
    }
}
