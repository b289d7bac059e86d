package io.genericpool.tcp.internal.wire;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A socket with what the views of it share: its locks, what was read ahead, whether it is alive. Readers and writers check
 * their view's state under their lock. So no view of an ended lease gets at the bytes of the next one.
 *
 * <p>Locks: {@code reading} before {@code writing}. Both are held while waiting for the network; a thread that must not wait
 * only tries.
 */
public final class BlockingConnection extends PhysicalConnection {
    public final Wire wire;
    public final long defaultReadTimeout;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    /** Under {@code reading}. */
    private final ReadAhead ahead = new ReadAhead();
    /** Under {@code reading}. */
    private boolean ended;

    public BlockingConnection(Object endpoint, Wire wire, Link link, long defaultReadTimeout) {
        super(endpoint, wire.channel, link);
        this.wire = wire;
        this.defaultReadTimeout = defaultReadTimeout;
    }

    public int read(ViewState state, ByteBuffer target, long timeout) throws IOException {
        reading.lock();
        try {
            state.check();
            int count = ahead.moveTo(target);
            if (count > 0) {
                return count;
            }
            if (ended) {
                return -1;
            }
            wire.readTimeout = timeout;
            count = link.read(target);
            if (count < 0) {
                ended = true;
                signals.died(null);
            }
            return count;
        } catch (NeedsReadException e) {
            throw new SocketTimeoutException("no data arrived from " + endpoint + " within " + Nanos.text(timeout));
        } catch (IOException e) {
            signals.died(e);
            throw e;
        } finally {
            reading.unlock();
        }
    }

    public int available(ViewState state) throws IOException {
        reading.lock();
        try {
            state.check();
            return ahead.size() > 0 ? ahead.size() : link.session().isPresent() ? 0 : wire.available();
        } finally {
            reading.unlock();
        }
    }

    public void write(ViewState state, ByteBuffer source) throws IOException {
        writing.lock();
        try {
            state.check();
            link.write(source);
        } catch (IOException e) {
            signals.died(e);
            throw e;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void shutdownOutput(ViewState state) throws IOException {
        writing.lock();
        try {
            state.check();
            endOutput();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public boolean isAlive() {
        if (!isOpen() || signals.isRetired()) {
            return false;
        }
        if (!tryHoldOff()) {
            signals.died(new IOException("a thread without a lease is in a read or write of " + endpoint));
            return false;
        }
        try {
            lookAhead();
            if (ended) {
                signals.died(null);
            }
            return !ended;
        } catch (IOException e) {
            signals.died(e);
            return false;
        } finally {
            letOn();
        }
    }

    private void lookAhead() throws IOException {
        wire.setWaits(false);
        try {
            ended |= ahead.fill(link);
        } catch (NeedsWriteException e) {
            // The peer's TLS wants an answer; it gets it with the next read.
        }
        wire.setWaits(true);
    }

    @Override
    public int unread() {
        reading.lock();
        try {
            return ahead.size();
        } finally {
            reading.unlock();
        }
    }

    /**
     * After a release: a call that found the view open may be at work still, and the connection is of no use then. To look
     * at the locks is enough, and cheaper than to take them. A call takes its lock before it checks the view's state, and the
     * lease has ended before this look at the locks: a lock that is taken later finds the view closed.
     */
    @Override
    public void afterLease() {
        if (reading.isLocked() || writing.isLocked()) {
            signals.died(new IOException("the lease of a connection to " + endpoint
                    + " has ended while another thread was in a read or write of it"));
            wire.close();
        }
    }

    public boolean tryHoldOff() {
        if (!reading.tryLock()) {
            return false;
        }
        if (!writing.tryLock()) {
            reading.unlock();
            return false;
        }
        return true;
    }

    public void letOn() {
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
                    ClosePolicy.drain(wire);
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
