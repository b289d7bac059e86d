package io.genericpool.tcp.internal.wire;

import io.genericpool.support.Nanos;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Blocks one thread at a time until a socket in non-blocking mode is ready; its selector is opened by the first wait. */
final class Readiness {
    private final SocketChannel channel;
    private final int operation;
    private final ReentrantLock lock = new ReentrantLock();
    /** Under the lock. */
    private @Nullable Selector selector;
    /** Under the lock. */
    private boolean closed;

    Readiness(SocketChannel channel, int operation) {
        this.channel = channel;
        this.operation = operation;
    }

    /**
     * Waits.
     *
     * @return whether the socket is ready; false after the timeout
     * @throws ClosedByInterruptException when interrupted; the socket is closed then, as by any interrupted I/O
     * @throws AsynchronousCloseException when the socket is closed meanwhile
     */
    boolean await(long timeoutNanos) throws IOException {
        long start = System.nanoTime();
        long left = timeoutNanos;
        Selector waiting = selector();
        try {
            while (left > 0) {
                int ready = waiting.select(Nanos.toMillis(left));
                waiting.selectedKeys().clear();
                if (Thread.currentThread().isInterrupted()) {
                    channel.close();
                    throw new ClosedByInterruptException();
                }
                if (!channel.isOpen()) {
                    throw new AsynchronousCloseException();
                }
                if (ready > 0) {
                    return true;
                }
                left = Nanos.isOff(timeoutNanos) ? Nanos.FOREVER : timeoutNanos - (System.nanoTime() - start);
            }
            return false;
        } catch (ClosedSelectorException e) {
            throw new AsynchronousCloseException();
        }
    }

    private Selector selector() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new AsynchronousCloseException();
            }
            if (selector == null) {
                Selector opened = Selector.open();
                try {
                    channel.register(opened, operation);
                } catch (IOException e) {
                    opened.close();
                    throw e;
                }
                selector = opened;
            }
            return selector;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes who waits and gives the descriptors back. */
    void close() {
        lock.lock();
        try {
            closed = true;
            if (selector != null) {
                selector.close();
            }
        } catch (IOException e) {
            // It counts as closed all the same.
        } finally {
            lock.unlock();
        }
    }
}
