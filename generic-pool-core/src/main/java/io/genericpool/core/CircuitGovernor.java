package io.genericpool.core;

import io.genericpool.CircuitState;
import io.genericpool.CircuitStats;
import io.genericpool.core.internal.circuit.Backoff;
import io.genericpool.core.internal.circuit.Circuit;
import io.genericpool.core.internal.circuit.FailingCircuits;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.spi.CircuitObserver;
import io.genericpool.spi.ConnectGovernor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Protects an endpoint whose connection attempts fail. It adds a backoff after each failure, and opens a circuit after
 * several failures in a row. Every pool uses this governor unless another one is set.
 *
 * <ul>
 * <li><b>Closed.</b> No failure of the endpoint is known, or fewer than {@code failFastAfter} attempts have failed in a
 *     row. After a failure, no attempt starts during a pause, which grows exponentially with each failure. Requests
 *     wait for its end within their own deadlines. Then one attempt at a time may start.
 * <li><b>Open.</b> At least {@code failFastAfter} attempts have failed in a row. Requests that nothing else can serve
 *     fail at once with {@code EndpointUnavailableException}. The exception holds the remaining time and the last
 *     failure.
 * <li><b>Half-open.</b> The pause is over, and the next connection attempt is the probe. Meanwhile, other requests
 *     still fail fast. When the probe succeeds, the circuit closes and attempts start as they are needed. When it
 *     fails, the circuit opens for a longer pause.
 * </ul>
 *
 * <p>The probe is the attempt of a request, or of a refill of {@code minIdle}. The governor itself makes no attempts,
 * so it does not probe an endpoint without requests.
 *
 * <p>For an endpoint that never failed, each attempt costs one read of a field. The governor remembers a failing
 * endpoint until an attempt succeeds or {@link #forget} is called. It also forgets an endpoint that has had no request
 * for a minute after its pause. It remembers at most {@value #MOST} endpoints and drops those with the fewest failures
 * first, open circuits last. It holds the cause of each endpoint's last failure for the same time.
 *
 * <p>Thread-safe. The endpoints' {@code equals} and {@code hashCode} run under the governor's lock. Several pools may
 * share one governor, and then share what is known about endpoints.
 */
public final class CircuitGovernor implements ConnectGovernor<Object> {
    /** So many failing endpoints are remembered. */
    static final int MOST = 10_000;

    private static final SafeLog LOG = SafeLog.of(CircuitGovernor.class);
    private static final long RETENTION = 60_000_000_000L;

    private final CircuitGovernorBuilder knobs;
    private final Backoff backoff;
    private final List<CircuitObserver<? super Object>> observers = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private final FailingCircuits failing = new FailingCircuits(MOST);
    /** Whether there are any; written under the lock. */
    private volatile boolean areAnyFailing;

    CircuitGovernor(CircuitGovernorBuilder knobs, Backoff backoff) {
        this.knobs = knobs;
        this.backoff = backoff;
    }

    /**
     * Returns a new builder.
     *
     * @return a builder with default values
     */
    public static CircuitGovernorBuilder builder() {
        return new CircuitGovernorBuilder();
    }

    /** What happened to a circuit, to be told when the lock is free. */
    private record Change(Object endpoint, CircuitState before, CircuitStats after) {}

    @Override
    public Verdict beforeConnect(Object endpoint, long nowNanos) {
        if (!areAnyFailing) {
            return Verdict.proceed();
        }
        Verdict verdict;
        Change change = null;
        lock.lock();
        try {
            Circuit circuit = failing.get(endpoint);
            verdict = circuit == null ? Verdict.proceed() : circuit.verdict(nowNanos);
            if (circuit != null && verdict.kind() == Verdict.Kind.PROCEED) {
                CircuitState before = circuit.state();
                circuit.probe(nowNanos);
                change = change(endpoint, before, circuit.stats(nowNanos));
            }
        } finally {
            lock.unlock();
        }
        // I43: decided under the lock, told after it
        tell(change);
        return verdict;
    }

    @Override
    public Verdict peek(Object endpoint, long nowNanos) {
        if (!areAnyFailing) {
            return Verdict.proceed();
        }
        lock.lock();
        try {
            Circuit circuit = failing.get(endpoint);
            return circuit == null ? Verdict.proceed() : circuit.verdict(nowNanos);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onConnected(Object endpoint, long nowNanos) {
        if (!areAnyFailing) {
            return;
        }
        Change change;
        lock.lock();
        try {
            Circuit circuit = failing.remove(endpoint);
            areAnyFailing = failing.size() > 0;
            change = circuit == null ? null : closed(endpoint, circuit);
        } finally {
            lock.unlock();
        }
        tell(change);
    }

    @Override
    public void onConnectFailed(Object endpoint, long nowNanos, Throwable cause) {
        boolean opensAtOnce = knobs.isHopeless(cause);
        long least = knobs.askedPause(cause);
        var changes = new ArrayList<@Nullable Change>(1);
        lock.lock();
        try {
            Circuit circuit = failing.remove(endpoint);
            if (circuit == null) {
                circuit = new Circuit(backoff, nowNanos, cause);
            }
            CircuitState before = circuit.state();
            circuit.failed(nowNanos, cause, knobs.failFastAfter, opensAtOnce, least, knobs.chance.getAsDouble());
            changes.add(change(endpoint, before, circuit.stats(nowNanos)));
            failing.makeRoom(nowNanos, RETENTION, (other, dropped) -> changes.add(closed(other, dropped)));
            failing.put(endpoint, circuit);
            areAnyFailing = true;
        } finally {
            lock.unlock();
        }
        changes.forEach(this::tell);
    }

    @Override
    public void onConnectCancelled(Object endpoint, long nowNanos) {
        if (!areAnyFailing) {
            return;
        }
        Change change = null;
        lock.lock();
        try {
            Circuit circuit = failing.get(endpoint);
            if (circuit != null) {
                CircuitState before = circuit.state();
                circuit.unprobe();
                change = change(endpoint, before, circuit.stats(nowNanos));
            }
        } finally {
            lock.unlock();
        }
        tell(change);
    }

    @Override
    public void forget(Object endpoint) {
        onConnected(endpoint, 0); // which is all that a success means here
    }

    @Override
    public void forgetAll() {
        if (!areAnyFailing) {
            return;
        }
        var changes = new ArrayList<@Nullable Change>();
        lock.lock();
        try {
            failing.clear((endpoint, circuit) -> changes.add(closed(endpoint, circuit)));
            areAnyFailing = false;
        } finally {
            lock.unlock();
        }
        changes.forEach(this::tell);
    }

    // An endpoint leaves a pool as soon as its only connect has failed, so that is no reason to forget it.

    @Override
    public CircuitStats circuit(Object endpoint, long nowNanos) {
        if (!areAnyFailing) {
            return CircuitStats.closed();
        }
        lock.lock();
        try {
            Circuit circuit = failing.get(endpoint);
            return circuit == null ? CircuitStats.closed() : circuit.stats(nowNanos);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Runnable observe(CircuitObserver<? super Object> observer) {
        observers.add(Objects.requireNonNull(observer, "observer"));
        return () -> observers.remove(observer);
    }

    /** How many failing endpoints are remembered. */
    int remembered() {
        lock.lock();
        try {
            return failing.size();
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Change closed(Object endpoint, Circuit circuit) {
        return change(endpoint, circuit.state(), CircuitStats.closed());
    }

    private static @Nullable Change change(Object endpoint, CircuitState before, CircuitStats after) {
        return before == after.state() ? null : new Change(endpoint, before, after);
    }

    private void tell(@Nullable Change change) {
        if (change == null) {
            return;
        }
        for (CircuitObserver<? super Object> observer : observers) {
            try {
                observer.circuitChanged(change.endpoint, change.before, change.after);
            } catch (Throwable e) {
                LOG.warn("an observer of circuits failed", e);
            }
        }
    }

    @Override
    public String toString() {
        return "CircuitGovernor[" + backoff + ", "
                + (knobs.failFastAfter == Integer.MAX_VALUE ? "never" : "after " + knobs.failFastAfter + " failures")
                + " failing fast]";
    }
}
