package io.genericpool.core.internal.flight;

import io.genericpool.PoolStats;
import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import org.jspecify.annotations.Nullable;

/**
 * Records how one pool stands. The recorder is global: it holds this, and this must hold neither the recorder up nor the pool
 * in memory. Nothing is registered with a recorder that was never used, since that would start it.
 */
final class StateWatch implements FlightRecorderListener, Runnable {
    private final String pool;
    private final KnobsWatch knobs;
    private final WeakReference<Supplier<PoolStats>> source;
    private volatile boolean stopped;

    StateWatch(String pool, KnobsWatch knobs, Supplier<PoolStats> stats) {
        this.pool = pool;
        this.knobs = knobs;
        this.source = new WeakReference<>(stats);
    }

    void start() {
        try {
            FlightRecorder.addListener(this); // it is called at once where the recorder is in use already
        } catch (RuntimeException e) {
            stopped = true; // the recorder must not be used
        }
    }

    void stop() {
        stopped = true;
        try {
            knobs.run(); // a chunk that ends later asks in vain
        } finally {
            remove();
        }
    }

    private void remove() {
        try {
            FlightRecorder.removeListener(this);
            removeEvents();
        } catch (RuntimeException e) {
            // it was not there
        }
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        if (!stopped) {
            FlightRecorder.addPeriodicEvent(StateFlight.class, this);
            FlightRecorder.addPeriodicEvent(KnobsFlight.class, knobs);
            if (stopped) { // by another thread, which has perhaps not found it yet
                removeEvents();
            }
        }
    }

    private void removeEvents() {
        FlightRecorder.removePeriodicEvent(this);
        FlightRecorder.removePeriodicEvent(knobs);
    }

    @Override
    public void run() {
        @Nullable Supplier<PoolStats> stats = source.get();
        if (stats == null || stopped) {
            stop();
            return;
        }
        var event = new StateFlight();
        if (event.isEnabled()) {
            fill(event, stats.get());
            event.commit();
        }
    }

    private void fill(StateFlight event, PoolStats stats) {
        event.pool = pool;
        event.idle = stats.idle();
        event.leased = stats.leased();
        event.checking = stats.checking();
        event.connecting = stats.connecting();
        event.pending = stats.pending();
        event.disposing = stats.disposing();
        event.limit = stats.totalMaxSize();
        event.waiters = stats.waiters();
        event.endpoints = stats.endpoints();
        event.starving = stats.starving();
        event.acquires = stats.acquires();
        event.timedOut = stats.timedOut();
        event.opened = stats.created();
        event.disposed = stats.disposed();
    }
}
