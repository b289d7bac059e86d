package io.genericpool.tcp.internal.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One socket's place in the loop: runs an action when the socket can be read or written. Each wait is for one event. A
 * socket that is closed counts as ready for everything, so that no thread waits for it for ever; hence it is to be closed by
 * {@link #close} only.
 */
public final class SelectorWatch {
    private final IoLoop loop;
    private final SocketChannel channel;
    private volatile boolean used;
    /** Written on the loop's thread. */
    private volatile @Nullable SelectionKey key;

    // On the loop's thread:
    private @Nullable Runnable onReadable;
    private @Nullable Runnable onWritable;

    public SelectorWatch(IoLoop loop, SocketChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    public SocketChannel channel() {
        return channel;
    }

    /** Waits for {@link SelectionKey#OP_READ}; an action that waits already is replaced. */
    public void whenReadable(Runnable action) {
        used = true;
        loop.execute(() -> {
            onReadable = action;
            await(SelectionKey.OP_READ);
        });
    }

    /** Waits for {@link SelectionKey#OP_WRITE} or {@link SelectionKey#OP_CONNECT}. */
    public void whenWritable(int operation, Runnable action) {
        used = true;
        loop.execute(() -> {
            onWritable = action;
            await(operation);
        });
    }

    private void await(int operation) {
        try {
            SelectionKey registered = key;
            if (registered == null) {
                key = channel.register(loop.selector(), operation, this);
            } else {
                registered.interestOpsOr(operation);
            }
        } catch (ClosedChannelException | CancelledKeyException e) {
            fireAll();
        }
    }

    /** On the loop's thread: the socket is ready for something. */
    void fire() {
        SelectionKey registered = key;
        if (registered == null) {
            return;
        }
        int ready;
        try {
            ready = registered.readyOps();
            registered.interestOpsAnd(~ready);
        } catch (CancelledKeyException e) {
            fireAll();
            return;
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            fireReadable();
        }
        if ((ready & ~SelectionKey.OP_READ) != 0) {
            fireWritable();
        }
    }

    private void fireAll() {
        fireReadable();
        fireWritable();
    }

    private void fireReadable() {
        Runnable action = onReadable;
        onReadable = null;
        if (action != null) {
            action.run();
        }
    }

    private void fireWritable() {
        Runnable action = onWritable;
        onWritable = null;
        if (action != null) {
            action.run();
        }
    }

    /** Takes a socket out of the loop that shall live on in blocking mode; nothing may wait for it any more. */
    public void detach() {
        SelectionKey registered = key;
        if (registered != null) {
            registered.cancel();
            wakeLoop(() -> {}); // a socket that is closed while its key lingers would keep its descriptor
        }
    }

    /** Closes the socket and runs all actions that wait. May be called from any thread, more than once. */
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It counts as closed all the same.
        }
        if (used) {
            wakeLoop(this::fireAll);
        }
    }

    private void wakeLoop(Runnable task) {
        try {
            loop.executeAfterCancel(task);
        } catch (UncheckedIOException e) {
            task.run(); // there is no loop whose thread it could meet
        }
    }
}
