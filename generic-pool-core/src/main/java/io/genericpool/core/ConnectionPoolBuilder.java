package io.genericpool.core;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.IdleOrder;
import io.genericpool.core.internal.DefaultConnectionPool;
import io.genericpool.core.internal.config.Knobs;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a pool. Each setter checks its value at once; its error names the setting, the value and the bound.
 * {@link #build()} checks the rules between settings, so the order of the setters does not matter. A time set to
 * {@link io.genericpool.PoolConfig#NO_LIMIT} is disabled. A number set to {@link io.genericpool.PoolConfig#UNLIMITED}
 * has no bound. A builder may build several pools. Not thread-safe.
 *
 * <p><b>Precision of times.</b> The fast path reads the current time from a tick that the collector updates. The tick's
 * interval is at most half the smallest enabled time setting, between 10 ms and 1 s. Connections may expire early by at
 * most this interval. After a pause of the whole process, the fast path may still hand out a connection that expired
 * meanwhile, until the first update of the tick, at most this interval later. Deadlines of acquires are exact. Without
 * the background collector, all times are exact, and each acquire and release reads the clock.
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
     * Sets the number of connections the pool tries to hold per endpoint, leased ones included. Default: 0.
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
     * Sets the maximum number of connections per endpoint, in any state. Default: 10, or the total limit if that is
     * smaller.
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
     * Sets the maximum number of connections of all endpoints together, in any state. Default: 100.
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
     * Sets the maximum number of requests that may wait per endpoint. One more fails at once. Two kinds of requests do
     * not count: those for which a connection is being opened or checked, and those with room for one more connection.
     * Default: any number.
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
     * Sets the maximum number of endpoints the pool may hold at once. An acquire for one more fails. Default: any
     * number.
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
     * Sets the maximum number of connection attempts per endpoint that may be in flight at once. Default: 4.
     *
     * @param value connection attempts in flight per endpoint; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> maxConnectsPerEndpoint(int value) {
        knobs.maxConnectsPerEndpoint(value);
        return this;
    }

    /**
     * Sets the maximum number of connection attempts, of all endpoints together, that may be in flight at once. Further
     * attempts wait for their turn and keep their permits. Endpoints take turns: the next one is the endpoint that was
     * served longest ago. {@code connectTimeout} starts with the turn. The deadline of an acquire includes the wait for
     * the turn. When no request needs an attempt any more at its turn, the attempt is not made.
     *
     * <p>A manager whose {@code create} waits for another connection of the same pool needs turns for both. Default:
     * 256, or {@code maxConnectsPerEndpoint} if that is more. With a smaller value, the default of
     * {@code maxConnectsPerEndpoint} is no more than that value.
     *
     * @param value attempts in flight, all endpoints together; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> totalMaxConnects(int value) {
        knobs.totalMaxConnects(value);
        return this;
    }

    /**
     * Sets the maximum number of disposals, of all endpoints together, that may be in flight at once. Further disposals
     * wait for their turn, and so do those for which no thread is available. Endpoints take turns as for
     * {@link #totalMaxConnects}. A connection keeps its permit until it is closed. {@code disposeTimeout} starts with
     * the turn. Default: 256.
     *
     * @param value disposals in flight, all endpoints together; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public ConnectionPoolBuilder<E, C> totalMaxDisposals(int value) {
        knobs.totalMaxDisposals(value);
        return this;
    }

    /**
     * Sets the number of leases after which a connection is disposed at its release. Default: any number.
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
     * Sets the number of expired idle connections that one release or failed acquire disposes when there is no
     * background collector. With 0, the number follows the pool's size: log2(size + 1) + 1. Default: 0.
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
     * Sets the timeout of an acquire without a timeout of its own. It covers queue, connection attempt and aliveness
     * check together. With zero, an acquire succeeds only if a connection is idle. Default: 30 s.
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
     * Limits the time of one connection attempt. The pool interrupts a longer attempt. Default: 10 s.
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
     * Limits the time of one aliveness check. A connection whose check times out is treated as dead. Default: 1 s.
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
     * Limits the time of one reset between two leases. A connection whose reset times out is disposed. Default: 10 s.
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
     * Limits the time of one disposal. The pool interrupts a longer disposal. When the disposal exceeds twice the time,
     * its permit is free again. Default: 5 s.
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
     * Sets the timeout of {@code close()}. Default: 10 s.
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
     * Sets the time after which an idle connection is disposed, as long as its endpoint holds more than
     * {@code minIdle}. The random {@link #idleTimeoutJitter} shortens the time. Default: 60 s.
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
     * Sets the age at which a connection is no longer reused. It is disposed as soon as it is not leased. Default: 1 h.
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
     * Sets the time within which each idle connection is used or checked in the background. Checks are spread over the
     * second half of that time. At once, they occupy at most half of an endpoint's idle connections, rounded up. Times
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
     * Sets the time since its last use or check within which a connection is reused without an aliveness check. With
     * zero, every acquire checks. With {@code NO_LIMIT}, none does. Default: 500 ms.
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
     * Sets the time since an endpoint's last acquire or warm-up after which the pool no longer holds {@code minIdle}
     * connections for it. Default: 10 min.
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
     * Sets the time after which an unreleased lease is reported, once, as leaked. Needs the background collector.
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
     * Sets for how long a thread that waits may be overtaken at its own endpoint. Within this time since its call, a connection
     * that comes back wakes the thread that has waited longest, but stays free for any thread that runs; after it, the
     * connection is handed over. Waiting threads keep their order among themselves, and a future that comes first is always
     * handed to. More threads than connections, with holds of some 100 µs or less, get more throughput that way, since a
     * connection does not wait until a thread has been woken. The price is arrival order within the window. With 1 ms,
     * {@code docs/benchmarks.md} has 1.2 to 1.8 times the leases a second.
     *
     * <p>It needs the background collector, and has no effect while an endpoint starves under the total limit.
     *
     * @param value the time; zero, the default, for strict arrival order
     * @return this
     * @throws IllegalArgumentException when the value is negative
     */
    public ConnectionPoolBuilder<E, C> overtakeWithin(Duration value) {
        knobs.overtakeWithin(value);
        return this;
    }

    /**
     * Sets the time for which a connection still serves the waiters of its own endpoint while another endpoint starves
     * under the total limit. With zero, requests are served in strict arrival order. With {@code NO_LIMIT}, a
     * connection always serves its own endpoint's waiters first. Default: the greater of 10 ms and twice the connect
     * time measured at the endpoint, at most 1 s.
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
     * Sets the share of {@code maxLifetime} that the random jitter may subtract per connection. With jitter,
     * connections opened together do not expire together. The jitter only shortens the lifetime. Default: 0.1.
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
     * Sets the share of {@code idleTimeout} that the random jitter may subtract per connection. With jitter, the
     * connections left by a burst do not all close at the same moment. The jitter only shortens the timeout. Default:
     * 0.1.
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
     * Sets the order in which idle connections are reused. Default: {@link IdleOrder#LIFO}.
     *
     * @param value the order
     * @return this
     */
    public ConnectionPoolBuilder<E, C> idleOrder(IdleOrder value) {
        knobs.idleOrder(value);
        return this;
    }

    /**
     * Sets whether a thread of the pool keeps time, expires connections, refills endpoints and probes them. Without it,
     * each release disposes a few expired connections. Then {@code minIdle} is only a floor below which idle
     * connections do not expire, and {@code keepaliveInterval} and {@code leakDetectionThreshold} are not allowed.
     * Default: true.
     *
     * @param value true for a collector
     * @return this
     */
    public ConnectionPoolBuilder<E, C> backgroundCollector(boolean value) {
        knobs.backgroundCollector(value);
        return this;
    }

    /**
     * Sets the clock of the pool. The timers of a custom clock drive the collector. Default:
     * {@link PoolClock#system()}.
     *
     * @param value the clock
     * @return this
     */
    public ConnectionPoolBuilder<E, C> clock(PoolClock value) {
        knobs.clock(value);
        return this;
    }

    /**
     * Sets the governor that decides when connection attempts to an endpoint may start.
     * {@link ConnectGovernor#unlimited()} allows them always. Default: a {@link CircuitGovernor} of the pool's own,
     * with the defaults of {@link CircuitGovernor#builder()}.
     *
     * @param value the governor
     * @return this
     */
    public ConnectionPoolBuilder<E, C> connectGovernor(ConnectGovernor<? super E> value) {
        knobs.connectGovernor(value);
        return this;
    }

    /**
     * Sets limits that this pool shares with pools of other processes. The pool opens a connection to an endpoint only
     * within its share there, and asks for a larger share while requests wait. {@code maxSize} and {@code totalMaxSize}
     * hold as well. An acquire of an idle connection asks nothing. Default: none.
     *
     * @param value the limits, such as {@code io.genericpool.fleet.FleetLimits}
     * @return this
     */
    public ConnectionPoolBuilder<E, C> sharedLimits(SharedLimits<? super E> value) {
        knobs.sharedLimits(value);
        return this;
    }

    /**
     * Sets how long the pool opens no more connections to an endpoint that has refused one because there are too many
     * ({@link ConnectionManager#isTooMany}). Afterwards, the limit rises again by a tenth of {@code maxSize}, or by
     * one, per period of this length. {@code NO_LIMIT} treats such refusals like other failures. Default: 5 s.
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
     * Sets the interval at which the pool looks the addresses of each endpoint up anew. When an endpoint's addresses have
     * changed, the pool evicts it ({@link ConnectionPool#evict}). Idle connections to the old addresses are disposed, and
     * leased ones at their release. The order of the addresses has no meaning. A failed lookup changes nothing. The
     * manager finds the addresses ({@link ConnectionManager#addresses}), on the connect executor, at most four endpoints
     * at once. A lookup that takes longer than {@code connectTimeout} is interrupted and has failed. The system resolver's own cache ({@code networkaddress.cache.ttl}) delays what the pool sees. Default:
     * off.
     *
     * @param value the time; 1 s or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1 s
     */
    public ConnectionPoolBuilder<E, C> addressWatch(Duration value) {
        knobs.addressWatch(value);
        return this;
    }

    /**
     * Sets the name of the pool, used in thread names, log lines and errors. Default: {@code pool-} and a number.
     *
     * @param value the name: 1 to 200 characters, without control characters
     * @return this
     * @throws IllegalArgumentException when the name is too short, too long or holds a control character
     */
    public ConnectionPoolBuilder<E, C> name(String value) {
        knobs.name(value);
        return this;
    }

    /**
     * Sets the listener of the pool's events. Default: none.
     *
     * @param value the listener
     * @return this
     */
    public ConnectionPoolBuilder<E, C> listener(PoolListener<? super E> value) {
        knobs.listener(value);
        return this;
    }

    /**
     * Sets whether the pool is registered with the platform's MBean server, as a {@link io.genericpool.core.jmx.PoolMXBean} named {@code
     * io.genericpool:type=Pool,name="..."}. The name is quoted. The second pool of one name also has {@code instance=2},
     * and so on. {@code close} ends the registration. Needs the module {@code java.management}. Default: false.
     *
     * @param value true to register it
     * @return this
     */
    public ConnectionPoolBuilder<E, C> registerMBean(boolean value) {
        knobs.registerMBean(value);
        return this;
    }

    /**
     * Sets the executor of connection attempts, aliveness checks and disposals. Its bound must be so large that hanging
     * endpoints cannot fill it. The pool does not shut it down. Default: an unbounded executor of the pool's own, with
     * virtual threads from JDK 24.
     *
     * @param value the executor
     * @return this
     */
    public ConnectionPoolBuilder<E, C> connectExecutor(Executor value) {
        knobs.connectExecutor(value);
        return this;
    }

    /**
     * Sets the executor that completes futures that were not granted at once. It should not run tasks on the calling
     * thread, which may be a releasing thread. If it does, completions that nest too deep run on the
     * {@code connectExecutor}. The pool does not shut it down. Default: the pool's own, as for {@code connectExecutor}.
     *
     * @param value the executor
     * @return this
     */
    public ConnectionPoolBuilder<E, C> completionExecutor(Executor value) {
        knobs.completionExecutor(value);
        return this;
    }

    /**
     * Sets the limits of individual endpoints. The pool calls the function once each time an endpoint joins the pool,
     * outside all locks. Null means the pool's default limits. The acquire fails when the function throws or returns
     * limits above the total. Default: the pool's limits for all.
     *
     * @param value returns the limits of an endpoint, or null
     * @return this
     */
    public ConnectionPoolBuilder<E, C> endpointLimits(Function<? super E, ? extends @Nullable EndpointLimits> value) {
        knobs.endpointLimits(value);
        return this;
    }

    /**
     * Sets the tenant of each endpoint, as a key with {@code equals} and {@code hashCode}. The pool calls the function
     * once for an endpoint that joins the pool, without a lock. The key must not be null.
     *
     * <p>Each tenant that holds or wants connections has a right to {@code totalMaxSize / tenants} of them. Other
     * tenants may use what one tenant does not use. A tenant with no more than its share loses no connection to another
     * tenant. Tenants take turns when connections are short. Default: all endpoints belong to one tenant.
     *
     * @param value returns the tenant of an endpoint
     * @return this
     */
    public ConnectionPoolBuilder<E, C> tenant(Function<? super E, ?> value) {
        knobs.tenant(value);
        return this;
    }

    /**
     * Sets the name of an endpoint in logs, errors, events and statistics. Set it when endpoints hold secrets. The pool
     * cuts it to 200 characters and replaces control characters. Default: {@code toString()}.
     *
     * @param value returns the label of an endpoint
     * @return this
     */
    public ConnectionPoolBuilder<E, C> endpointLabel(Function<? super E, String> value) {
        knobs.endpointLabel(value);
        return this;
    }

    /**
     * Builds the pool. The pool opens no connection before the first acquire or warm-up.
     *
     * @return the pool; close it when it is no longer needed
     * @throws IllegalArgumentException when {@code minIdle > maxSize} or {@code maxSize > totalMaxSize}, when a setting
     *     that needs the background collector is set without it, or when {@code addressWatch} is set for a manager that
     *     finds no addresses
     */
    public ConnectionPool<E, C> build() {
        return DefaultConnectionPool.start(
                manager, new PoolSettings<>(knobs, CircuitGovernor.builder().build()));
    }
}
