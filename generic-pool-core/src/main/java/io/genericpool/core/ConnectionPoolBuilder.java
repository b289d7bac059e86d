package io.genericpool.core;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.core.internal.DefaultConnectionPool;
import io.genericpool.core.internal.Knobs;
import io.genericpool.core.internal.PoolSettings;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the knobs of a pool. Each setter checks its value at once and names the knob, the value and the bound when it
 * refuses; rules between knobs are checked by {@link #build()}, so the order of the setters does not matter. A time set
 * to {@link io.genericpool.PoolConfig#NO_LIMIT} is off; a number set to {@link io.genericpool.PoolConfig#UNLIMITED} has
 * no bound. A builder may build several pools. Not thread-safe.
 *
 * <p><b>Precision of times.</b> The pool's idea of the present on its fast path is a tick that the collector writes: at
 * most half the smallest enabled time knob, between 10 ms and 1 s. Expiry errs early by at most that. Deadlines of
 * acquires are exact. Without the background collector all times are exact, and each acquire and release reads the clock.
 *
 * @param <E> the type of endpoints
 * @param <C> the type of connections
 */
public final class ConnectionPoolBuilder<E, C> {
    private final ConnectionManager<E, C> manager;
    private final Knobs<E> knobs = new Knobs<>();

    ConnectionPoolBuilder(ConnectionManager<E, C> manager) {
        this.manager = Objects.requireNonNull(manager, "manager");
    }

    /**
     * The number of connections the pool tries to hold for each endpoint, leased ones included. Default: 0.
     *
     * @param value connections held per endpoint; 0 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 0
     */
    public ConnectionPoolBuilder<E, C> minIdle(int value) {
        knobs.minIdle(value);
        return this;
    }

    /**
     * The number of connections an endpoint may have, in whatever state. Default: 10, or the total limit where
     * that is smaller.
     *
     * @param value connections per endpoint; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> maxSize(int value) {
        knobs.maxSize(value);
        return this;
    }

    /**
     * The number of connections of all endpoints together, in whatever state. Default: 100.
     *
     * @param value connections of all endpoints; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> totalMaxSize(int value) {
        knobs.totalMaxSize(value);
        return this;
    }

    /**
     * The number of requests that may wait for an endpoint; one more fails at once. Those do not count for which a
     * connection is being made or checked, or for which there is room for one more. Default: any number.
     *
     * @param value waiters per endpoint; 0 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 0
     */
    public ConnectionPoolBuilder<E, C> maxWaiters(int value) {
        knobs.maxWaiters(value);
        return this;
    }

    /**
     * The number of endpoints the pool may hold at once; an acquire of one more fails. Default: any number.
     *
     * @param value endpoints; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> maxEndpoints(int value) {
        knobs.maxEndpoints(value);
        return this;
    }

    /**
     * The number of connects to one endpoint that may be in flight at once. Default: 4.
     *
     * @param value connects in flight per endpoint; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> maxConnectsPerEndpoint(int value) {
        knobs.maxConnectsPerEndpoint(value);
        return this;
    }

    /**
     * The number of leases after which a connection is disposed at its release. Default: any number.
     *
     * @param value leases per connection; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> maxLeases(int value) {
        knobs.maxLeases(value);
        return this;
    }

    /**
     * How many expired idle connections one release or failed acquire disposes when there is no background collector. 0
     * follows the pool's size: log2(size + 1) + 1. Default: 0.
     *
     * @param value connections per release; 0 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 0
     */
    public ConnectionPoolBuilder<E, C> disposeBatchSize(int value) {
        knobs.disposeBatchSize(value);
        return this;
    }

    /**
     * The deadline of an acquire that is given none: queue, connect and aliveness check together. Zero means an idle
     * connection or nothing. Default: 30 s.
     *
     * @param value the time; zero or more
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public ConnectionPoolBuilder<E, C> acquireTimeout(Duration value) {
        knobs.acquireTimeout(value);
        return this;
    }

    /**
     * The time a connect may take before it is interrupted, whoever waits for it. Default: 10 s.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> connectTimeout(Duration value) {
        knobs.connectTimeout(value);
        return this;
    }

    /**
     * The time an aliveness check may take; overrunning means death. Default: 1 s.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> checkTimeout(Duration value) {
        knobs.checkTimeout(value);
        return this;
    }

    /**
     * The time a reset between two leases may take; overrunning disposes the connection. Default: 10 s.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> resetTimeout(Duration value) {
        knobs.resetTimeout(value);
        return this;
    }

    /**
     * The time a disposal may take before it is interrupted; after as long again its permit is handed on. Default: 5 s.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> disposeTimeout(Duration value) {
        knobs.disposeTimeout(value);
        return this;
    }

    /**
     * The deadline of {@code close()}. Default: 10 s.
     *
     * @param value the time; zero or more
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public ConnectionPoolBuilder<E, C> closeTimeout(Duration value) {
        knobs.closeTimeout(value);
        return this;
    }

    /**
     * The time after which an idle connection is disposed, as long as its endpoint holds more than {@code minIdle}. Chance
     * shortens it by {@link #idleTimeoutJitter}. Default: 60 s.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> idleTimeout(Duration value) {
        knobs.idleTimeout(value);
        return this;
    }

    /**
     * The age at which a connection is no longer handed out, and is disposed when it is not leased. Default: 1 h.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> maxLifetime(Duration value) {
        knobs.maxLifetime(value);
        return this;
    }

    /**
     * The time within which each idle connection is used or checked in the background. Checks are spread over the second
     * half of that time, and take at most half of an endpoint's idle connections, rounded up, from callers at once. Times
     * below 20 ms count as 20 ms. Needs the background collector. Default: off.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> keepaliveInterval(Duration value) {
        knobs.keepaliveInterval(value);
        return this;
    }

    /**
     * The time since its last use or check within which a connection is handed out without an aliveness check. Zero checks
     * at every acquire, {@code NO_LIMIT} never. Default: 500 ms.
     *
     * @param value the time; zero or more
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public ConnectionPoolBuilder<E, C> alivenessBypass(Duration value) {
        knobs.alivenessBypass(value);
        return this;
    }

    /**
     * The time since its last acquire or warm-up after which an endpoint no longer holds its {@code minIdle}. Default:
     * 10 min.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> endpointRetention(Duration value) {
        knobs.endpointRetention(value);
        return this;
    }

    /**
     * The time after which a lease that was not released is reported as leaked, once. Needs the background collector.
     * Default: off.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> leakDetectionThreshold(Duration value) {
        knobs.leakDetectionThreshold(value);
        return this;
    }

    /**
     * How long a connection serves the waiters of its own endpoint while another endpoint starves under the total limit.
     * Zero is strict arrival order, {@code NO_LIMIT} never gives way to others while its own wait. Default: 10 ms or twice
     * the connect time measured at the endpoint, whichever is greater, but at most 1 s.
     *
     * @param value the time; zero or more
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public ConnectionPoolBuilder<E, C> overtakeWindow(Duration value) {
        knobs.overtakeWindow(value);
        return this;
    }

    /**
     * The share of {@code maxLifetime} that chance may take off each connection's lifetime, so that connections made together
     * do not end together. Only shortens. Default: 0.1.
     *
     * @param value a fraction from 0 to 1
     * @return this
     * @throws IllegalArgumentException when the value is not from 0 to 1
     */
    public ConnectionPoolBuilder<E, C> maxLifetimeJitter(double value) {
        knobs.maxLifetimeJitter(value);
        return this;
    }

    /**
     * The share of {@code idleTimeout} that chance may take off for each connection, so that connections that a burst leaves
     * behind are not all closed at the same moment. Only shortens. Default: 0.1.
     *
     * @param value a fraction from 0 to 1
     * @return this
     * @throws IllegalArgumentException when the value is not from 0 to 1
     */
    public ConnectionPoolBuilder<E, C> idleTimeoutJitter(double value) {
        knobs.idleTimeoutJitter(value);
        return this;
    }

    /**
     * Which idle connection is handed out. Default: {@link IdleOrder#LIFO}.
     *
     * @param value the order
     * @return this
     */
    public ConnectionPoolBuilder<E, C> idleOrder(IdleOrder value) {
        knobs.idleOrder(value);
        return this;
    }

    /**
     * Whether a thread of the pool keeps time, expires, refills and probes. Without it, each release disposes a few expired
     * connections, {@code minIdle} is only a floor below which idle connections do not expire, and {@code keepaliveInterval}
     * and {@code leakDetectionThreshold} are refused. Default: true.
     *
     * @param value true for a collector
     * @return this
     */
    public ConnectionPoolBuilder<E, C> backgroundCollector(boolean value) {
        knobs.backgroundCollector(value);
        return this;
    }

    /**
     * The time of the pool. A clock of one's own drives the collector by its timers. Default: {@link PoolClock#system()}.
     *
     * @param value the clock
     * @return this
     */
    public ConnectionPoolBuilder<E, C> clock(PoolClock value) {
        knobs.clock(value);
        return this;
    }

    /**
     * Decides when an endpoint may be connected to; {@link ConnectGovernor#unlimited()} for always. Default: a
     * {@link CircuitGovernor} of the pool's own, with the defaults of {@link CircuitGovernor#builder()}.
     *
     * @param value the governor
     * @return this
     */
    public ConnectionPoolBuilder<E, C> connectGovernor(ConnectGovernor<? super E> value) {
        knobs.connectGovernor(value);
        return this;
    }

    /**
     * How long an endpoint that has refused a connection because there are too many ({@link ConnectionManager#isTooMany}) is
     * held to those it has; then its limit rises again, at this pace, by a tenth of {@code maxSize} or by one. {@code
     * NO_LIMIT} treats such refusals like other failures. Default: 5 s.
     *
     * @param value the time; more than zero
     * @return this
     * @throws IllegalArgumentException when the value is zero or negative
     */
    public ConnectionPoolBuilder<E, C> tooManyRecovery(Duration value) {
        knobs.tooManyRecovery(value);
        return this;
    }

    /**
     * The name of the pool, in thread names, log lines and errors. Default: {@code pool-} and a number.
     *
     * @param value the name: 1 to 200 characters, none of them a control character
     * @return this
     * @throws IllegalArgumentException when it is another text
     */
    public ConnectionPoolBuilder<E, C> name(String value) {
        knobs.name(value);
        return this;
    }

    /**
     * Is told what happens. Default: none.
     *
     * @param value the listener
     * @return this
     */
    public ConnectionPoolBuilder<E, C> listener(PoolListener<? super E> value) {
        knobs.listener(value);
        return this;
    }

    /**
     * Where connects, aliveness checks and disposals run. Must not be bounded so tightly that hanging endpoints fill it. The
     * pool does not shut it down. Default: an executor of the pool's own without bound, of virtual threads from JDK 24.
     *
     * @param value the executor
     * @return this
     */
    public ConnectionPoolBuilder<E, C> connectExecutor(Executor value) {
        knobs.connectExecutor(value);
        return this;
    }

    /**
     * Where futures that were not granted at once are completed. It should not run tasks on the calling thread, which may be
     * one that releases; if it does, completions that nest too deep go to the {@code connectExecutor}. The pool does not shut it down. Default: the pool's own, as for {@code connectExecutor}.
     *
     * @param value the executor
     * @return this
     */
    public ConnectionPoolBuilder<E, C> completionExecutor(Executor value) {
        knobs.completionExecutor(value);
        return this;
    }

    /**
     * Limits of single endpoints; asked once each time an endpoint joins the pool, outside of all locks. Null means the pool's
     * own. A function that throws, or limits above the total, fail the acquire. Default: the pool's limits for all.
     *
     * @param value from endpoint to its limits
     * @return this
     */
    public ConnectionPoolBuilder<E, C> endpointLimits(Function<? super E, ? extends @Nullable EndpointLimits> value) {
        knobs.endpointLimits(value);
        return this;
    }

    /**
     * The tenant to which an endpoint belongs, as a key with {@code equals} and {@code hashCode}. Called once for an
     * endpoint that joins the pool, without a lock; the key must not be null. Each tenant that holds or wants connections
     * has a right to {@code totalMaxSize / tenants} of them. What one does not use, others may have. A tenant with no more
     * than its share loses none to another tenant, and tenants take turns when connections are short. Default: all
     * endpoints are of one tenant.
     *
     * @param value from endpoint to its tenant
     * @return this
     */
    public ConnectionPoolBuilder<E, C> tenant(Function<? super E, ?> value) {
        knobs.tenant(value);
        return this;
    }

    /**
     * The name of an endpoint in logs, errors, events and statistics: give one when endpoints hold secrets. It is cut to 200
     * characters, and control characters in it are replaced. Default: {@code toString()}.
     *
     * @param value from endpoint to its label
     * @return this
     */
    public ConnectionPoolBuilder<E, C> endpointLabel(Function<? super E, String> value) {
        knobs.endpointLabel(value);
        return this;
    }

    /**
     * Builds the pool. Nothing is connected before the first acquire or warm-up.
     *
     * @return the pool; close it when it is no longer needed
     * @throws IllegalArgumentException when {@code minIdle > maxSize}, {@code maxSize > totalMaxSize}, or a knob that
     *     needs the background collector is set without it
     */
    public ConnectionPool<E, C> build() {
        return DefaultConnectionPool.start(
                manager, new PoolSettings<>(knobs, CircuitGovernor.builder().build()));
    }
}
