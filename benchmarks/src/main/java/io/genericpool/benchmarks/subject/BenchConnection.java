package io.genericpool.benchmarks.subject;

import java.io.Closeable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;

/** A connection that costs nothing to open, to check or to close; all peers get the same. */
public final class BenchConnection implements ModalCloseable, Closeable {
    /** Raised by its holder, in {@link TwoHandsCheck} only. */
    public final AtomicBoolean isHeld = new AtomicBoolean();

    public final String endpoint;

    public volatile boolean isOpen = true;

    public BenchConnection(String endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void close() {
        isOpen = false;
    }

    @Override
    public void close(CloseMode mode) {
        close();
    }
}
