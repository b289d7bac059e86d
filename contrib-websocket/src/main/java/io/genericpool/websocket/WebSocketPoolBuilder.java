package io.genericpool.websocket;

import io.genericpool.ConnectionPool;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.CircuitGovernorBuilder;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.support.Nanos;
import io.genericpool.websocket.internal.handshake.HeaderRules;
import io.genericpool.websocket.internal.knobs.Bounds;
import io.genericpool.websocket.internal.pool.PatientGovernor;
import io.genericpool.websocket.internal.socket.SocketSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link WebSocketPool}. It has the settings used most; {@link #pool} and {@link #connections} give access to
 * all others. Each setter checks its value, and {@link #build} checks the rules between them. Builds one pool. Not
 * thread-safe.
 */
public final class WebSocketPoolBuilder {
    private final WebSocketConnectionManagerBuilder connections = WebSocketConnectionManager.builder();
    private final List<Consumer<ConnectionPoolBuilder<WebSocketEndpoint, WebSocketConnection>>> poolKnobs =
            new ArrayList<>();
    private final Map<String, Supplier<String>> headers = new LinkedHashMap<>();
    private final Set<String> origins = new HashSet<>();
    private final List<WarmUp> warmUps = new ArrayList<>();
    private @Nullable WebSocketEndpoint base;
    private boolean allowedOriginsOnly;
    private @Nullable Retry retry;

    WebSocketPoolBuilder() {}

    record WarmUp(String pathOrUri, int connections) {}

    static WebSocketEndpoint resolve(@Nullable WebSocketEndpoint base, String pathOrUri) {
        return base == null ? WebSocketEndpoint.of(pathOrUri) : base.resolve(pathOrUri);
    }

    /** What turns texts into endpoints; later changes of the builder have no effect on it. */
    Function<String, WebSocketEndpoint> resolver() {
        WebSocketEndpoint from = base;
        if (!allowedOriginsOnly) {
            return pathOrUri -> resolve(from, pathOrUri);
        }
        Set<String> allowed = allowedOrigins();
        return pathOrUri -> {
            WebSocketEndpoint endpoint = resolve(from, pathOrUri);
            if (!allowed.contains(endpoint.origin())) {
                throw new IllegalArgumentException("endpoint must be at an origin that is allowed, one of "
                        + new TreeSet<>(allowed) + ", but is at " + endpoint.origin());
            }
            return endpoint;
        };
    }

    private Set<String> allowedOrigins() {
        Set<String> allowed = new HashSet<>(origins);
        if (base != null) {
            allowed.add(base.origin());
        }
        return Set.copyOf(allowed);
    }

    List<WarmUp> warmUps() {
        return warmUps;
    }

    /**
     * Sets the URI that paths are relative to.
     *
     * @param uri an absolute URI with scheme ws, wss, http or https
     * @return this
     * @throws IllegalArgumentException when the text is no such URI
     */
    public WebSocketPoolBuilder baseUri(String uri) {
        base = WebSocketEndpoint.of(uri);
        return this;
    }

    /**
     * Sends a header with each upgrade request to the origin (scheme, host and port) of the base URI, and to origins
     * allowed by {@link #allowOrigin}. Other origins never receive it, because it may be a secret.
     *
     * @param name its name
     * @param value returns the value; called at each connection attempt
     * @return this
     * @throws IllegalArgumentException when the name is not allowed
     */
    public WebSocketPoolBuilder header(String name, Supplier<String> value) {
        HeaderRules.checkName(name);
        headers.keySet().removeIf(other -> other.equalsIgnoreCase(name));
        headers.put(name, Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sends a header as {@link #header(String, Supplier)} does.
     *
     * @param name its name
     * @param value its value
     * @return this
     * @throws IllegalArgumentException when the name or the value is not allowed
     */
    public WebSocketPoolBuilder header(String name, String value) {
        Objects.requireNonNull(value, "value");
        HeaderRules.checkName(name);
        HeaderRules.checkValue(name, value);
        return header(name, () -> value);
    }

    /**
     * Sends the headers to another origin, too. See also {@link #allowedOriginsOnly}.
     *
     * @param uri any URI of that origin
     * @return this
     * @throws IllegalArgumentException when the text is not an absolute URI with scheme ws, wss, http or https
     */
    public WebSocketPoolBuilder allowOrigin(String uri) {
        origins.add(WebSocketEndpoint.of(uri).origin());
        return this;
    }

    /**
     * Sets whether the pool rejects full URIs to other origins than that of the base URI and those allowed by
     * {@link #allowOrigin}. Set it when URIs come from outside. A path never leads to another origin.
     *
     * @param value false unless set
     * @return this
     */
    public WebSocketPoolBuilder allowedOriginsOnly(boolean value) {
        allowedOriginsOnly = value;
        return this;
    }

    /**
     * Sets the maximum number of connections per endpoint.
     *
     * @param value 1 or more; 10 unless set
     * @return this
     */
    public WebSocketPoolBuilder maxSize(int value) {
        return pool(pool -> pool.maxSize(value));
    }

    /**
     * Sets the maximum number of connections of all endpoints together.
     *
     * @param value 1 or more; 100 unless set
     * @return this
     */
    public WebSocketPoolBuilder totalMaxSize(int value) {
        return pool(pool -> pool.totalMaxSize(value));
    }

    /**
     * Sets the number of connections to hold per endpoint.
     *
     * @param value 0 or more; 0 unless set
     * @return this
     */
    public WebSocketPoolBuilder minIdle(int value) {
        return pool(pool -> pool.minIdle(value));
    }

    /**
     * Sets the timeout of an acquire. It covers queue, connection attempt and check together.
     *
     * @param value zero or more; 30 s unless set
     * @return this
     */
    public WebSocketPoolBuilder acquireTimeout(Duration value) {
        return pool(pool -> pool.acquireTimeout(value));
    }

    /**
     * Sets the timeout of a connection attempt, including all its retries and pauses.
     *
     * @param value more than zero; 10 s unless set
     * @return this
     */
    public WebSocketPoolBuilder connectTimeout(Duration value) {
        return pool(pool -> pool.connectTimeout(value));
    }

    /**
     * Sets the time after which an idle connection beyond minIdle is closed.
     *
     * @param value more than zero; 60 s unless set
     * @return this
     */
    public WebSocketPoolBuilder idleTimeout(Duration value) {
        return pool(pool -> pool.idleTimeout(value));
    }

    /**
     * Sets the age at which a connection is no longer reused. Choose less than the server's limit.
     *
     * @param value more than zero; 1 h unless set
     * @return this
     */
    public WebSocketPoolBuilder maxLifetime(Duration value) {
        return pool(pool -> pool.maxLifetime(value));
    }

    /**
     * Sets the interval at which the addresses of endpoints are looked up anew. When those of an endpoint have changed, its
     * connections leave the pool, as after {@link ConnectionPool#evict}.
     *
     * @param value 1 s or more; off unless set
     * @return this
     */
    public WebSocketPoolBuilder addressWatch(Duration value) {
        return pool(pool -> pool.addressWatch(value));
    }

    /**
     * Sets the name of the pool and its threads.
     *
     * @param value the name
     * @return this
     */
    public WebSocketPoolBuilder name(String value) {
        connections.name(value);
        return pool(pool -> pool.name(value));
    }

    /**
     * Sets a drain; see {@link WebSocketConnectionManagerBuilder#drain}.
     *
     * @param value the drain
     * @return this
     */
    public WebSocketPoolBuilder drain(Drain value) {
        connections.drain(value);
        return this;
    }

    /**
     * Sets a heartbeat; see {@link WebSocketConnectionManagerBuilder#heartbeat}.
     *
     * @param value the heartbeat
     * @return this
     */
    public WebSocketPoolBuilder heartbeat(Heartbeat value) {
        connections.heartbeat(value);
        return this;
    }

    /**
     * Sets how often a connection attempt is retried; see {@link WebSocketConnectionManagerBuilder#retry}. Its pauses
     * also apply between the attempts to an endpoint that fails permanently. Without a retry, the defaults of
     * {@link CircuitGovernor#builder()} apply to such endpoints.
     *
     * @param value the retry
     * @return this
     */
    public WebSocketPoolBuilder retry(Retry value) {
        connections.retry(value);
        retry = value;
        return this;
    }

    /**
     * Limits the rate of connection attempts per endpoint; see {@link ConnectRate}.
     *
     * @param connects the number of attempts; 1 or more
     * @param period the period
     * @return this
     */
    public WebSocketPoolBuilder connectRate(long connects, Duration period) {
        connections.connectRate(ConnectRate.of(connects, period));
        return this;
    }

    /**
     * Recognises a server's notice; see {@link WebSocketConnectionManagerBuilder#retireOn}.
     *
     * @param notice tells whether a message is the notice
     * @return this
     */
    public WebSocketPoolBuilder retireOn(Predicate<Message> notice) {
        connections.retireOn(notice);
        return this;
    }

    /**
     * Opens connections as soon as the pool is built.
     *
     * @param count the number of connections per endpoint; 0 or more
     * @param pathsOrUris the endpoints
     * @return this
     * @throws IllegalArgumentException when the number is negative
     */
    public WebSocketPoolBuilder warmUp(int count, String... pathsOrUris) {
        Bounds.atLeast("warmUp", count, 0);
        for (String pathOrUri : pathsOrUris) {
            warmUps.add(new WarmUp(pathOrUri, count));
        }
        return this;
    }

    /**
     * Changes any setting of the connections.
     *
     * @param knobs receives the builder of the manager, at once; a header set here is sent to every origin
     * @return this
     */
    public WebSocketPoolBuilder connections(Consumer<WebSocketConnectionManagerBuilder> knobs) {
        knobs.accept(connections);
        return this;
    }

    /**
     * Changes any setting of the pool.
     *
     * @param knobs receives the builder of the pool, when the pool is built
     * @return this
     */
    public WebSocketPoolBuilder pool(Consumer<ConnectionPoolBuilder<WebSocketEndpoint, WebSocketConnection>> knobs) {
        poolKnobs.add(Objects.requireNonNull(knobs, "pool"));
        return this;
    }

    /**
     * Builds the pool and starts its warm-up.
     *
     * @return the pool, to be closed after use
     * @throws IllegalArgumentException when a value is out of bounds, or values contradict each other. Also when
     *     headers are set without an origin that may receive them, or a warm-up names no valid endpoint or an origin
     *     that is not allowed
     */
    public WebSocketPool build() {
        // Before there is a pool that would have to be closed again.
        Function<String, WebSocketEndpoint> resolver = resolver();
        warmUps.forEach(warmUp -> {
            var unused = resolver.apply(warmUp.pathOrUri());
        });
        Set<String> allowed = allowedOrigins();
        if (allowedOriginsOnly && allowed.isEmpty()) {
            throw new IllegalArgumentException(
                    "allowedOriginsOnly must come with baseUri or allowOrigin, but neither is set");
        }
        Map<String, Supplier<String>> secrets = Map.copyOf(headers);
        if (!secrets.isEmpty() && allowed.isEmpty()) {
            throw new IllegalArgumentException("header must come with baseUri or allowOrigin, but neither is set");
        }
        var manager = new WebSocketConnectionManager(
                connections.settings(endpoint -> allowed.contains(endpoint.origin()) ? values(secrets) : Map.of()));
        boolean complete = false;
        try {
            ConnectionPoolBuilder<WebSocketEndpoint, WebSocketConnection> pool =
                    ConnectionPools.builder(manager).connectGovernor(circuit());
            poolKnobs.forEach(knob -> knob.accept(pool));
            var built = new WebSocketPool(checked(pool.build(), manager), manager, this);
            complete = true;
            return built;
        } finally {
            if (!complete) {
                manager.close();
            }
        }
    }

    /** The pool's own, but that it knows what a server asks for, and when trying again soon is no use. */
    private PatientGovernor circuit() {
        Retry rules = retry == null ? Retry.attempts(1) : retry;
        CircuitGovernorBuilder circuit = CircuitGovernor.builder()
                .failFastOn(rules::isHopeless)
                .retryAfter(rules::retryAfter)
                .maxRetryAfter(rules.longestRetryAfter());
        if (retry != null) {
            circuit.initialBackoff(retry.firstPause()).maxBackoff(retry.longestPause());
        }
        return new PatientGovernor(circuit.build());
    }

    /** Rules between knobs of the connections and knobs of the pool. */
    private static ConnectionPool<WebSocketEndpoint, WebSocketConnection> checked(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool, WebSocketConnectionManager manager) {
        SocketSettings.DrainRules drain = manager.settings().sockets().drain();
        Duration resetTimeout = pool.config().resetTimeout();
        if (drain != null && drain.quietPeriod().compareTo(resetTimeout) >= 0) {
            pool.close();
            throw new IllegalArgumentException("quietFor of the drain must be less than resetTimeout ("
                    + Nanos.text(resetTimeout) + "), which would discard every connection otherwise, but is "
                    + Nanos.text(drain.quietPeriod()));
        }
        return pool;
    }

    private static Map<String, String> values(Map<String, Supplier<String>> suppliers) {
        var values = new LinkedHashMap<String, String>();
        suppliers.forEach((name, value) -> values.put(name, value.get()));
        return values;
    }
}
