package io.genericpool.tcp.internal.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritePendingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A socket in non-blocking mode with what the views of it share. It always watches for input, so it learns of its end at
 * once; what comes while no read waits is read ahead, up to a bound at which it watches no more.
 *
 * <p>All state is under one lock, which is never held while waiting. Futures are completed without it.
 */
public final class NonBlockingConnection extends PhysicalConnection {
    private final SelectorWatch watch;
    public final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();

    // Under the lock:
    private final ReadAhead ahead = new ReadAhead();
    private @Nullable PendingTransfer reader;
    private @Nullable PendingTransfer writer;
    private int writerStart;
    private boolean ended;
    private @Nullable IOException failure;

    public NonBlockingConnection(Object endpoint, SelectorWatch watch, Link link, Executor executor) {
        super(endpoint, watch.channel(), link);
        this.watch = watch;
        this.executor = executor;
    }

    /** Begins to watch for input. */
    public void start() {
        watch.whenReadable(this::ready);
    }

    public CompletableFuture<Integer> read(ViewState state, ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("a buffer to read into must not be read-only");
        }
        lock.lock();
        try {
            state.check();
            if (reader != null) {
                throw new ReadPendingException();
            }
            int count = readNow(target);
            if (count != 0 || !target.hasRemaining()) {
                return CompletableFuture.completedFuture(count);
            }
            reader = new PendingTransfer(target, this::forget);
            return reader;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    /** Reads what is there. @return 0 when there is nothing to read; input is being watched for then */
    private int readNow(ByteBuffer target) throws IOException {
        boolean full = ahead.isFull();
        int count = ahead.moveTo(target);
        if (count > 0) {
            if (full) {
                watchOn();
            }
            return count;
        }
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return -1;
        }
        try {
            count = link.read(target);
            noteEnd(count < 0);
            return count;
        } catch (NeedsReadException e) {
            return 0;
        } catch (NeedsWriteException e) {
            watch.whenWritable(SelectionKey.OP_WRITE, this::ready);
            return 0;
        } catch (IOException e) {
            noteFailure(e);
            throw e;
        }
    }

    public CompletableFuture<Integer> write(ViewState state, ByteBuffer source) {
        lock.lock();
        try {
            state.check();
            if (writer != null) {
                throw new WritePendingException();
            }
            int start = source.position();
            if (writeNow(source)) {
                return CompletableFuture.completedFuture(source.position() - start);
            }
            writerStart = start;
            writer = new PendingTransfer(source, this::forget);
            return writer;
        } catch (IOException e) {
            signals.died(e);
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    /** Writes what there is room for. @return whether all is written; if not, there is a watch for room */
    private boolean writeNow(ByteBuffer source) throws IOException {
        try {
            link.write(source);
            return true;
        } catch (NeedsWriteException e) {
            watch.whenWritable(SelectionKey.OP_WRITE, this::ready);
            return false;
        } catch (NeedsReadException e) {
            return false; // the peer wants to shake hands again; input is watched
        }
    }

    /** On the loop's thread: the socket can be read or written, or was closed. */
    private void ready() {
        PendingTransfer read;
        PendingTransfer written;
        lock.lock();
        try {
            lookAhead();
            read = readerToFinish();
            written = writerToFinish();
            watchOn();
        } finally {
            lock.unlock();
        }
        finish(read);
        finish(written);
    }

    private void watchOn() {
        if (!ahead.isFull() && !ended && failure == null) {
            watch.whenReadable(this::ready);
        }
    }

    private void lookAhead() {
        if (ended || failure != null) {
            return;
        }
        try {
            noteEnd(ahead.fill(link));
        } catch (NeedsWriteException e) {
            watch.whenWritable(SelectionKey.OP_WRITE, this::ready);
        } catch (IOException e) {
            noteFailure(e);
        }
    }

    private void noteEnd(boolean end) {
        if (end) {
            ended = true;
            signals.died(null);
        }
    }

    private void noteFailure(IOException e) {
        failure = e;
        signals.died(e);
    }

    private @Nullable PendingTransfer readerToFinish() {
        PendingTransfer waiting = reader;
        if (waiting == null || (ahead.size() == 0 && !ended && failure == null) || !waiting.settle()) {
            return null;
        }
        reader = null;
        int count = ahead.moveTo(waiting.buffer);
        if (count == 0 && failure != null) {
            waiting.fails(failure);
        } else {
            waiting.succeeds(count == 0 ? -1 : count);
        }
        return waiting;
    }

    private @Nullable PendingTransfer writerToFinish() {
        PendingTransfer waiting = writer;
        if (waiting == null || waiting.isSettled()) {
            return null;
        }
        try {
            if (!writeNow(waiting.buffer)) {
                return null;
            }
            waiting.succeeds(waiting.buffer.position() - writerStart);
        } catch (IOException e) {
            signals.died(e);
            waiting.fails(e);
        }
        writer = null;
        return waiting.settle() ? waiting : null;
    }

    private void finish(@Nullable PendingTransfer transfer) {
        if (transfer == null) {
            return;
        }
        try {
            executor.execute(transfer::finish);
        } catch (RuntimeException | Error e) {
            transfer.finish(); // no thread is to be had: here is better than never
        }
    }

    /** The user has given a transfer up. */
    private void forget(PendingTransfer withdrawn) {
        lock.lock();
        try {
            if (reader == withdrawn) {
                reader = null;
            }
            if (writer == withdrawn) {
                writer = null;
                checkUnbegun(withdrawn, "was withdrawn");
            }
        } finally {
            lock.unlock();
        }
    }

    /** A write that ends half-way leaves a connection that cannot be used any more. */
    private void checkUnbegun(PendingTransfer write, String why) {
        if (write.buffer.position() != writerStart) {
            signals.died(new IOException("a write to " + endpoint + " " + why + " after part of it was written"));
            watch.close();
        }
    }

    /** After the view of a lease was closed: ends what waits. */
    @Override
    public void afterLease() {
        PendingTransfer read = null;
        PendingTransfer written = null;
        lock.lock();
        try {
            if (reader != null && reader.settle()) {
                read = reader;
                read.fails(ViewState.ended());
            }
            reader = null;
            if (writer != null && writer.settle()) {
                written = writer;
                written.fails(ViewState.ended());
                checkUnbegun(written, "was under way at the end of its lease");
            }
            writer = null;
        } finally {
            lock.unlock();
        }
        finish(read);
        finish(written);
    }

    @Override
    public void shutdownOutput(ViewState state) throws IOException {
        lock.lock();
        try {
            state.check();
            if (writer != null) {
                throw new WritePendingException();
            }
            endOutput();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isAlive() {
        lock.lock();
        try {
            lookAhead();
            return isOpen() && !signals.isRetired();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int unread() {
        lock.lock();
        try {
            return ahead.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    void end(boolean saysGoodbye) {
        lock.lock();
        try {
            if (channel.isOpen()) {
                if (saysGoodbye && writer == null) {
                    link.sayGoodbye();
                }
                ClosePolicy.drain(channel);
            }
        } catch (IOException e) {
            // It ends in any case.
        } finally {
            lock.unlock();
            watch.close();
        }
    }
}
