package io.genericpool.tcp;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A socket with what the faces of it share: who may read and write, what was read ahead, whether it is alive. Readers and
 * writers pass a face's gate under their lock, so that none of an ended lease can still get at the bytes of the next one.
 *
 * <p>Locks: {@code reading} before {@code writing}. Both are held while waiting for the network; whoever must not wait
 * only tries.
 */
final class BlockingConnection extends PhysicalConnection {
    final Wire wire;
    final long defaultReadTimeout;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    /** Under {@code reading}. */
    private final ReadAhead ahead = new ReadAhead();
    /** Under {@code reading}. */
    private boolean hasEnded;

    BlockingConnection(Object endpoint, Wire wire, Link link, long defaultReadTimeout) {
        super(endpoint, wire.channel, link);
        this.wire = wire;
        this.defaultReadTimeout = defaultReadTimeout;
    }

    int read(Gate gate, ByteBuffer target, long timeout) throws IOException {
        reading.lock();
        try {
            gate.check();
            int count = ahead.moveTo(target);
            if (count > 0) {
                return count;
            }
            if (hasEnded) {
                return -1;
            }
            wire.readTimeout = timeout;
            count = link.read(target);
            if (count < 0) {
                hasEnded = true;
                mortality.died(null);
            }
            return count;
        } catch (NeedsReadException e) {
            throw new SocketTimeoutException("no data arrived from " + endpoint + " within " + Nanos.text(timeout));
        } catch (IOException e) {
            mortality.died(e);
            throw e;
        } finally {
            reading.unlock();
        }
    }

    int available(Gate gate) throws IOException {
        reading.lock();
        try {
            gate.check();
            return ahead.size() > 0 ? ahead.size() : link.session().isPresent() ? 0 : wire.available();
        } finally {
            reading.unlock();
        }
    }

    void write(Gate gate, ByteBuffer source) throws IOException {
        writing.lock();
        try {
            gate.check();
            link.write(source);
        } catch (IOException e) {
            mortality.died(e);
            throw e;
        } finally {
            writing.unlock();
        }
    }

    @Override
    void shutdownOutput(Gate gate) throws IOException {
        writing.lock();
        try {
            gate.check();
            endOutput();
        } finally {
            writing.unlock();
        }
    }

    @Override
    boolean isAlive() {
        if (!isOpen() || mortality.isRetired()) {
            return false;
        }
        if (!tryHoldOff()) {
            mortality.died(new IOException("a thread without a lease is in a read or write of " + endpoint));
            return false;
        }
        try {
            lookAhead();
            if (hasEnded) {
                mortality.died(null);
            }
            return !hasEnded;
        } catch (IOException e) {
            mortality.died(e);
            return false;
        } finally {
            letOn();
        }
    }

    private void lookAhead() throws IOException {
        wire.setWaits(false);
        try {
            hasEnded |= ahead.fill(link);
        } catch (NeedsWriteException e) {
            // The peer's TLS wants an answer; it gets it with the next read.
        }
        wire.setWaits(true);
    }

    @Override
    int unread() {
        reading.lock();
        try {
            return ahead.size();
        } finally {
            reading.unlock();
        }
    }

    /**
     * After a gate was closed: a call that has passed it may be at work still, then the connection is of no use any more. To
     * look at the locks is enough, and cheaper than to take them: whoever takes one after this look finds the gate closed, as
     * he takes his lock before he looks at the gate, and here the gate was closed before the look at the locks.
     */
    @Override
    void afterLease() {
        if (reading.isLocked() || writing.isLocked()) {
            mortality.died(new IOException("the lease of a connection to " + endpoint
                    + " has ended while another thread was in a read or write of it"));
            wire.close();
        }
    }

    boolean tryHoldOff() {
        if (!reading.tryLock()) {
            return false;
        }
        if (!writing.tryLock()) {
            reading.unlock();
            return false;
        }
        return true;
    }

    void letOn() {
        writing.unlock();
        reading.unlock();
    }

    @Override
    void end(boolean saysGoodbye) {
        try {
            if (wire.isOpen() && tryHoldOff()) {
                try {
                    wire.setWaits(false);
                    if (saysGoodbye) {
                        link.sayGoodbye();
                    }
                    Farewell.drain(wire);
                } finally {
                    letOn();
                }
            }
        } catch (IOException e) {
            // It ends in any case.
        } finally {
            wire.close();
        }
    }
}
