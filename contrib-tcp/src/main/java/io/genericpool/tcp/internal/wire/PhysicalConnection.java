package io.genericpool.tcp.internal.wire;

import io.genericpool.DisposeReason;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A socket with what the views of it share, whether its reads wait or not. */
public abstract class PhysicalConnection {
    public final Link link;
    public final DeathSignals signals = new DeathSignals();
    public final SocketChannel channel;
    final Object endpoint;

    PhysicalConnection(Object endpoint, SocketChannel channel, Link link) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.link = link;
    }

    /** Whether it can still be used, by a look at what has arrived; never waits, and loses nothing. */
    public abstract boolean isAlive();

    /** How much has arrived and was not read, as far as the last look has seen. */
    public abstract int unread();

    /** After the lease of a view has ended: sees to the calls that found it open and are at work still. */
    public abstract void afterLease();

    public abstract void shutdownOutput(ViewState state) throws IOException;

    /** Closes the socket, in an orderly way as far as that needs no waiting. */
    abstract void end(boolean saysGoodbye);

    /** Whether it can be used as far as is known without a look. */
    public final boolean isOpen() {
        return channel.isOpen() && !signals.isDead();
    }

    /** Tells the peer that nothing more will be written; for who holds off all writers. */
    final void endOutput() throws IOException {
        signals.retire();
        try {
            link.sayGoodbye();
            channel.shutdownOutput();
        } catch (IOException e) {
            signals.died(e);
            throw e;
        }
    }

    /** By its holder. */
    public final void close() {
        signals.died(null);
        end(true);
    }

    /**
     * Ends the connection; never waits. What was written before is still delivered, whatever the reason: the socket is
     * closed, not reset.
     */
    public final void dispose(DisposeReason reason) {
        end(ClosePolicy.isDueFor(reason) && !signals.isDead());
    }

    @Override
    public final String toString() {
        return "connection to " + endpoint + (isOpen() ? "" : ", closed");
    }
}
