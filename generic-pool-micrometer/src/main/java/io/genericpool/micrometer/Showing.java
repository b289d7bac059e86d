package io.genericpool.micrometer;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Changes the rows of meters by snapshots: one thread at a time, and none after the close. */
final class Showing<S> {
    private final Consumer<? super S> show;
    private final S nothing;

    /** Guards the field below, and what is shown. */
    private final ReentrantLock changing = new ReentrantLock();

    private boolean closed;

    /**
     * Shows by a function.
     *
     * @param nothing the snapshot that leaves no row
     */
    Showing(Consumer<? super S> show, S nothing) {
        this.show = show;
        this.nothing = nothing;
    }

    /** Does nothing while another thread changes the rows: the next snapshot will. */
    void update(Supplier<? extends S> snapshot) {
        if (!changing.tryLock()) {
            return;
        }
        try {
            if (!closed) {
                show.accept(snapshot.get());
            }
        } finally {
            changing.unlock();
        }
    }

    /** Removes all rows. */
    void close() {
        changing.lock();
        try {
            closed = true;
            show.accept(nothing);
        } finally {
            changing.unlock();
        }
    }
}
