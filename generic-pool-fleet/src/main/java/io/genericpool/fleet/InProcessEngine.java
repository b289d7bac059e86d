package io.genericpool.fleet;

import io.genericpool.fleet.internal.ledger.Ledger;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine for several pools of one process, and the reference for other engines. It keeps the ledger in memory and
 * answers at once, on the caller's thread. Hints are given on that thread, too, after the ledger's lock was let go.
 * Thread-safe.
 *
 * <p>A ledger inside the process cannot have been lost, so a new one grants at once. {@link #stop} and {@link #start}
 * play the outages of an engine outside, for tests and simulations.
 */
public final class InProcessEngine implements FleetEngine {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessEngine.class);

    private final PoolClock clock;
    private final long origin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Ledger> ledgers = new HashMap<>();
    private final Map<Receiver, HintListener> listeners = new ConcurrentHashMap<>();
    private boolean stopped;
    private boolean closed;
    /** It was started without its data: each ledger may have been lost. */
    private boolean mayHaveLost;

    private record Receiver(String fleet, String session) {}

    /** Makes an engine on the system's clock. */
    public InProcessEngine() {
        this(PoolClock.system());
    }

    /**
     * Makes an engine.
     *
     * @param clock the ledger's clock
     */
    public InProcessEngine(PoolClock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.origin = clock.nanoTime();
    }

    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        Objects.requireNonNull(batch, "batch");
        Ledger.Outcome outcome;
        lock.lock();
        try {
            if (closed || stopped) {
                return CompletableFuture.failedFuture(
                        new IOException("the engine is " + (closed ? "closed" : "stopped")));
            }
            outcome = ledgers.computeIfAbsent(batch.fleet(), name -> new Ledger(mayHaveLost))
                    .apply(batch, clock.nanoTime() - origin);
        } finally {
            lock.unlock();
        }
        for (Map.Entry<String, Collection<String>> hint : outcome.hints().entrySet()) {
            HintListener listener = listeners.get(new Receiver(batch.fleet(), hint.getKey()));
            if (listener != null) {
                hint(listener, hint.getValue());
            }
        }
        return CompletableFuture.completedFuture(outcome.reply());
    }

    /** The step is made, whatever another session's listener does. */
    private static void hint(HintListener listener, Collection<String> endpoints) {
        try {
            listener.hint(endpoints);
        } catch (Throwable e) {
            LOG.warn("a listener of hints failed", e);
        }
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        Objects.requireNonNull(listener, "listener");
        var receiver = new Receiver(fleet, session);
        listeners.put(receiver, listener);
        return () -> listeners.remove(receiver, listener);
    }

    /**
     * Returns how many connections all sessions together are granted at an endpoint.
     *
     * @param fleet the name of the fleet
     * @param endpoint the key of the endpoint
     * @return the sum
     */
    public long granted(String fleet, String endpoint) {
        lock.lock();
        try {
            Ledger ledger = ledgers.get(fleet);
            return ledger == null ? 0 : ledger.granted(endpoint);
        } finally {
            lock.unlock();
        }
    }

    /** Lets each call fail until {@link #start}, as if the engine were away. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends what {@link #stop} began.
     *
     * @param withData whether the ledgers are as they were; without, they start empty and have to learn
     */
    public void start(boolean withData) {
        lock.lock();
        try {
            stopped = false;
            if (!withData) {
                ledgers.clear();
                mayHaveLost = true;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ledgers.clear();
        } finally {
            lock.unlock();
        }
        listeners.clear();
    }
}
