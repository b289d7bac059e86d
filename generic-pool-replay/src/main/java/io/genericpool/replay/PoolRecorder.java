package io.genericpool.replay;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.DisposeReason;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEndEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.replay.internal.trace.TraceWriter;
import io.genericpool.replay.recording.Knobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records what a pool is asked for, as a trace that {@link Recordings} reads. Give it to the pool as its listener, and call
 * {@link #start} once the pool is built. It records nothing before.
 *
 * <p>It never waits for the disk. Events wait in bounded memory, and one thread writes them. What comes too fast is left out and
 * counted. When a file cannot be written, it logs that once and records nothing more.
 *
 * <p>One recorder serves one pool. Thread-safe.
 *
 * @param <E> the type of endpoints
 */
public final class PoolRecorder<E> implements PoolListener<E>, AutoCloseable {
    private final PoolRecorderBuilder settings;
    private volatile @Nullable TraceWriter writer;
    private @Nullable ConnectionPool<?, ?> pool;
    private @Nullable TraceWriter ended;

    PoolRecorder(PoolRecorderBuilder settings) {
        this.settings = settings;
    }

    /**
     * Creates a builder.
     *
     * @param folder the folder of the trace; it is created when it does not exist. Traces of other recorders in it stay, but
     *     {@link Recordings} reads a folder only when it holds those of one
     * @return the builder
     */
    public static PoolRecorderBuilder builder(Path folder) {
        return new PoolRecorderBuilder(folder);
    }

    /**
     * Begins to record.
     *
     * @param recorded the pool that this is the listener of
     * @throws UncheckedIOException when the trace cannot be written
     * @throws IllegalStateException when it has begun before
     */
    public synchronized void start(ConnectionPool<E, ?> recorded) {
        if (pool != null) {
            throw new IllegalStateException("this recorder has been started before");
        }
        Objects.requireNonNull(recorded, "recorded");
        try {
            writer = settings.newWriter(recorded.config().name(), Knobs.of(recorded.config()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pool = recorded; // not before: a start that failed may be tried again
    }

    /**
     * The number of events that were left out to keep the bounds.
     *
     * @return the number so far
     */
    public synchronized long dropped() {
        TraceWriter present = writer == null ? ended : writer;
        return present == null ? 0 : present.dropped();
    }

    /**
     * The files of the trace, once the recorder is closed.
     *
     * @return the files in the order in which they were written; empty before the close
     */
    public synchronized List<Path> files() {
        return ended == null ? List.of() : ended.files();
    }

    /**
     * Ends the recording and completes its file. The pool may go on. Has no effect when it has ended or was never started.
     *
     * @throws UncheckedIOException when some of the trace could not be written
     */
    @Override
    public synchronized void close() {
        TraceWriter present = writer;
        if (present != null) {
            writer = null;
            ended = present;
            present.end(pool == null ? 0 : pool.stats().leased());
        }
    }

    private int endpoint(TraceWriter to, PoolEvent<E> event) {
        return to.endpoint(event.endpoint(), () -> settings.label(event.endpointLabel()));
    }

    @Override
    public void onLeaseEnded(LeaseEndEvent<E> event) {
        TraceWriter to = writer;
        if (to != null) {
            long[] times = {event.waitedNanos(), event.handOverNanos(), event.heldNanos()};
            to.lease(endpoint(to, event), event.endedAtNanos(), times, event.requester(), event.isInvalidated());
        }
    }

    @Override
    public void onAcquireFailed(LeaseEvent<E> event) {
        TraceWriter to = writer;
        if (to != null) {
            boolean isTimeout = event.failure().orElse(null) instanceof AcquireTimeoutException;
            long requester = Thread.currentThread().getId();
            to.failure(endpoint(to, event), System.nanoTime(), event.duration().toNanos(), requester, isTimeout);
        }
    }

    @Override
    public void onConnectionCreated(ConnectionEvent<E> event) {
        connect(event, true);
    }

    @Override
    public void onConnectFailed(ConnectionEvent<E> event) {
        connect(event, false);
    }

    private void connect(ConnectionEvent<E> event, boolean isConnected) {
        TraceWriter to = writer;
        if (to != null) {
            to.connect(endpoint(to, event), System.nanoTime(), event.duration().toNanos(), isConnected);
        }
    }

    @Override
    public void onConnectionDisposed(ConnectionEvent<E> event) {
        TraceWriter to = writer;
        DisposeReason reason = event.reason().orElse(null);
        boolean isEviction = reason == DisposeReason.EVICTED;
        if (to != null && (isEviction || reason == DisposeReason.DEAD || reason == DisposeReason.HOOK_FAILED)) {
            to.death(endpoint(to, event), System.nanoTime(), event.duration().toNanos(), isEviction);
        }
    }
}
