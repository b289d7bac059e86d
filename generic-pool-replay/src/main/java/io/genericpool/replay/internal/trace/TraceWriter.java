package io.genericpool.replay.internal.trace;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.support.PoolThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes events from any thread and writes them on one of its own. What comes faster than it may, or than it can be written, is
 * left out and counted.
 */
public final class TraceWriter {
    private static final System.Logger LOG = System.getLogger(TraceWriter.class.getName());
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int STRIPES = Math.min(
            16, Integer.highestOneBit(Math.max(1, 2 * Runtime.getRuntime().availableProcessors() - 1)) * 2);
    private static final int OTHERS = 0;

    /** Bounds: of all files together, of one file, of events a second, of events that wait, and of endpoints. */
    public record Bounds(long maxBytes, int maxFiles, int eventsPerSecond, int buffered, int maxEndpoints) {}

    private final Bounds bounds;
    private final TraceFiles files;
    private final EventBuffer[] stripes = new EventBuffer[STRIPES];
    private final ConcurrentHashMap<Object, Integer> endpoints = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, String> labels = new ConcurrentHashMap<>();
    private final LongAdder tooFast = new LongAdder();
    private final Block block = new Block();
    private final Thread thread;
    private volatile boolean isOver;
    private volatile boolean isPaused;
    private volatile long dropped;
    private volatile @Nullable IOException failure;
    private long second = System.nanoTime();
    private int inSecond;

    /**
     * Starts it.
     *
     * @param folder where the files go
     * @param stem how their names begin
     * @throws IOException when the first file cannot be written
     */
    public TraceWriter(Path folder, String stem, String pool, Knobs knobs, Bounds bounds) throws IOException {
        this.bounds = bounds;
        this.files = new TraceFiles(
                folder, stem, pool, knobs, Math.max(1, bounds.maxBytes / bounds.maxFiles), bounds.maxFiles);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new EventBuffer(Math.max(16, bounds.buffered / STRIPES));
        }
        labels.put(OTHERS, "(others)");
        try {
            files.prepare();
        } catch (IOException e) {
            files.abandon();
            throw e;
        }
        thread = PoolThreads.named(pool + "-recorder").newThread(this::writeAll);
        thread.start();
    }

    /** The number of an endpoint. Beyond the bound, all further ones are one. */
    public int endpoint(Object endpoint, Supplier<String> label) {
        Integer known = endpoints.get(endpoint);
        if (known != null) {
            return known;
        }
        if (labels.size() > bounds.maxEndpoints) {
            return OTHERS;
        }
        return endpoints.computeIfAbsent(endpoint, key -> {
            synchronized (labels) {
                int id = labels.size();
                labels.put(id, label.get());
                return id;
            }
        });
    }

    public void lease(int endpoint, long now, long[] times, long requester, boolean isInvalidated) {
        int kind = isInvalidated ? TraceFormat.INVALIDATED_LEASE : TraceFormat.LEASE;
        add(kind, endpoint, now, times[0], times[1], times[2], requester);
    }

    public void failure(int endpoint, long now, long waited, long requester, boolean isTimeout) {
        add(isTimeout ? TraceFormat.TIMED_OUT : TraceFormat.FAILED, endpoint, now, waited, requester, 0, 0);
    }

    public void connect(int endpoint, long now, long took, boolean isConnected) {
        add(isConnected ? TraceFormat.CONNECTED : TraceFormat.CONNECT_FAILED, endpoint, now, took, 0, 0, 0);
    }

    public void death(int endpoint, long now, long age, boolean isEviction) {
        add(isEviction ? TraceFormat.EVICTED : TraceFormat.DIED, endpoint, now, age, 0, 0, 0);
    }

    private void add(int kind, int endpoint, long now, long a, long b, long c, long d) {
        if (isPaused || isOver) {
            tooFast.increment();
            return;
        }
        long id = Thread.currentThread().getId();
        if (stripes[(int) (id ^ (id >>> 4)) & (STRIPES - 1)].add(kind, endpoint, now, a, b, c, d)) {
            LockSupport.unpark(thread);
        }
    }

    private void writeAll() {
        try {
            while (!isOver) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
                write();
            }
        } catch (IOException e) {
            failed(e);
        } catch (Throwable e) { // an Error too: else the recording would end and nothing would tell of it
            failed(new IOException(e));
        }
    }

    private void failed(IOException e) {
        failure = e;
        isOver = true;
        files.abandon();
        LOG.log(System.Logger.Level.WARNING, "the recorder failed to write; it records nothing more", e);
    }

    private void write() throws IOException {
        long now = System.nanoTime();
        if (now - second >= TimeUnit.SECONDS.toNanos(1)) {
            second = now;
            inSecond = 0;
            isPaused = false;
        }
        files.prepare();
        block.clear();
        for (EventBuffer stripe : stripes) {
            write(stripe.take());
        }
        files.write(block);
        isPaused = inSecond >= bounds.eventsPerSecond;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    private void write(EventBuffer.Taken taken) {
        int events = taken.length() / EventBuffer.WIDTH;
        int written = Math.max(0, Math.min(events, bounds.eventsPerSecond - inSecond));
        for (int i = 0; i < written; i++) {
            int at = i * EventBuffer.WIDTH;
            int endpoint = (int) taken.cells()[at + 1];
            if (files.isNews(endpoint)) {
                block.endpoint(endpoint, labels.getOrDefault(endpoint, ""));
            }
            block.event(taken.cells(), at);
        }
        inSecond += written;
        dropped = dropped + taken.dropped() + events - written;
    }

    /** How many events were left out so far. */
    public long dropped() {
        return dropped + tooFast.sum();
    }

    /** The files that there are. Once it has ended. */
    public List<Path> files() {
        return files.kept();
    }

    /** Writes what is left and ends the file. @throws UncheckedIOException when something could not be written */
    public void end(long openLeases) {
        isOver = true;
        LockSupport.unpark(thread);
        boolean wasInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            IOException before = failure;
            if (before != null) {
                throw before;
            }
            inSecond = 0;
            write();
            files.end(dropped(), openLeases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            files.abandon();
        }
    }
}
