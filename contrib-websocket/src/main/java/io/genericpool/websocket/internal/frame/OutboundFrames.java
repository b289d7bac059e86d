package io.genericpool.websocket.internal.frame;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import okio.Sink;
import okio.Timeout;

/**
 * Where OkHttp writes: one raw write is one whole masked frame, as OkHttp assembles a frame before it flushes. Frames of
 * our own, pings and the close after a violation, go in between under the same lock, none after a close or a failure.
 *
 * <p>A ping is first marked as wanted and then written by the thread that gets the lock: the one that wants it if the lock is free,
 * otherwise the present writer after its unlock. So no thread waits behind a large frame to send a ping.
 */
final class OutboundFrames implements Sink {
    private static final long NO_PING = 0;
    private static final int CLOSE = 8;
    private static final int PONG = 10;

    private final Sink delegate;
    private final FrameEvents events;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong wanted = new AtomicLong(NO_PING);
    private final AtomicLong unanswered = new AtomicLong(NO_PING);
    private final Buffer own = new Buffer();
    private boolean ended;

    final AtomicLong bytes = new AtomicLong();
    final AtomicLong messages = new AtomicLong();
    final AtomicLong pings = new AtomicLong();
    final AtomicLong pongs = new AtomicLong();

    OutboundFrames(Sink delegate, FrameEvents events) {
        this.delegate = delegate;
        this.events = events;
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
        lock.lock();
        try {
            if (ended) {
                throw new IOException("a close was sent already");
            }
            int first = source.getByte(0) & 0xff;
            int opcode = first & 0xf;
            // Counted first, so that a thread that has the peer's answer finds what it answers counted.
            if (opcode == PONG) {
                InboundFrames.add(pongs, 1);
            } else if (opcode < 8 && (first & 0x80) != 0) {
                InboundFrames.add(messages, 1);
            }
            writeFrame(source, byteCount);
            ended |= opcode == CLOSE;
        } finally {
            lock.unlock();
        }
        writeWantedPing();
        events.onWritten();
    }

    private void writeFrame(Buffer frame, long byteCount) throws IOException {
        boolean written = false;
        InboundFrames.add(bytes, byteCount);
        try {
            delegate.write(frame, byteCount);
            delegate.flush();
            written = true;
        } finally {
            // After half a frame, nothing that follows would be understood.
            ended |= !written;
        }
    }

    /** Sends a ping, now or right after the frame that is being written; does not wait for that one. */
    void ping(long id) {
        unanswered.set(id);
        wanted.set(id);
        writeWantedPing();
    }

    /** Whether a pong answers a ping of ours; true once. */
    boolean answered(long id) {
        return id != NO_PING && unanswered.compareAndSet(id, NO_PING);
    }

    private void writeWantedPing() {
        // A thread that fails to lock leaves the ping to the holder, who looks again after its unlock.
        while (wanted.get() != NO_PING && lock.tryLock()) {
            try {
                long id = wanted.getAndSet(NO_PING);
                if (id != NO_PING && !ended) {
                    InboundFrames.add(pings, 1);
                    own.writeByte(0x89);
                    writeMasked(new Buffer().writeLong(id).readByteArray());
                }
            } catch (IOException e) {
                // The socket has failed: OkHttp's reader or next write will say so, the ping's timeout at the latest.
                own.clear();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Tells the peer that it has broken a rule, or answers its close. Nothing is sent afterwards. */
    void writeClose(int code) throws IOException {
        lock.lock();
        try {
            if (!ended) {
                own.writeByte(0x80 | CLOSE);
                writeMasked(new byte[] {(byte) (code >> 8), (byte) code});
                ended = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Completes a frame of our own whose payload is short, and writes it. */
    private void writeMasked(byte[] payload) throws IOException {
        int mask = ThreadLocalRandom.current().nextInt();
        own.writeByte(0x80 | payload.length).writeInt(mask);
        for (int i = 0; i < payload.length; i++) {
            own.writeByte(payload[i] ^ (mask >>> (24 - 8 * (i % 4))));
        }
        writeFrame(own, own.size());
    }

    @Override
    public void flush() {
        // Each write has flushed.
    }

    @Override
    public Timeout timeout() {
        return delegate.timeout();
    }

    /** Waits for a ping that is being written: closed under it, the delegate's buffer would be used by two threads. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            ended = true;
            delegate.close();
        } finally {
            lock.unlock();
        }
    }
}
