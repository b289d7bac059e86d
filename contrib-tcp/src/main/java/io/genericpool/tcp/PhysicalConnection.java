package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A socket with what the faces of it share, whether its reads wait or not. */
abstract class PhysicalConnection {
    final Link link;
    final Mortality mortality = new Mortality();
    final SocketChannel channel;
    final Object endpoint;

    PhysicalConnection(Object endpoint, SocketChannel channel, Link link) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.link = link;
    }

    /** Whether it can still be used, by a look at what has arrived; never waits, and loses nothing. */
    abstract boolean isAlive();

    /** How much has arrived that nobody has read, as far as the last look has seen. */
    abstract int unread();

    /** After the gate of a lease was closed: sees to the calls that have passed it and are at work still. */
    abstract void afterLease();

    abstract void shutdownOutput(Gate gate) throws IOException;

    /** Closes the socket, in an orderly way as far as that needs no waiting. */
    abstract void end(boolean saysGoodbye);

    /** Whether it can be used as far as is known without a look. */
    final boolean isOpen() {
        return channel.isOpen() && !mortality.isDead();
    }

    /** Tells the peer that nothing more will be written; for who holds off all writers. */
    final void endOutput() throws IOException {
        mortality.retire();
        try {
            link.sayGoodbye();
            channel.shutdownOutput();
        } catch (IOException e) {
            mortality.died(e);
            throw e;
        }
    }

    /** By its holder. */
    final void close() {
        mortality.died(null);
        end(true);
    }

    /**
     * Ends the connection; never waits. What was written before is still delivered, whatever the reason: the socket is
     * closed, not reset.
     */
    final void dispose(DisposeReason reason) {
        end(Farewell.isDueFor(reason) && !mortality.isDead());
    }

    @Override
    public final String toString() {
        return "connection to " + endpoint + (isOpen() ? "" : ", closed");
    }
}
