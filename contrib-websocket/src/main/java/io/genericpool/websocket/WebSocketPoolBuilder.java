package io.genericpool.websocket;

import io.genericpool.ConnectionPool;
import io.genericpool.core.CircuitGovernor;
import io.genericpool.core.CircuitGovernorBuilder;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.support.Nanos;
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
 * Configures a {@link WebSocketPool}: the knobs used most, and by {@link #pool} and {@link #connections} all the others.
 * Each value is checked by its setter; rules between them by {@link #build}. Builds one pool; not thread-safe.
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
     * Sets what paths are resolved against.
     *
     * @param uri an absolute URI with scheme ws, wss, http or https
     * @return this
     * @throws IllegalArgumentException when it is none
     */
    public WebSocketPoolBuilder baseUri(String uri) {
        base = WebSocketEndpoint.of(uri);
        return this;
    }

    /**
     * Sends a header with each upgrade request to the origin (scheme, host and port) of the base URI, and to those allowed
     * by {@link #allowOrigin}; to no other, as it may be a secret.
     *
     * @param name its name
     * @param value asked for its value at each connect
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
     * Sends a header; see {@link #header(String, Supplier)}.
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
     * Sends the headers to a further origin; see also {@link #allowedOriginsOnly}.
     *
     * @param uri any URI of that origin
     * @return this
     * @throws IllegalArgumentException when it is not an absolute URI with scheme ws, wss, http or https
     */
    public WebSocketPoolBuilder allowOrigin(String uri) {
        origins.add(WebSocketEndpoint.of(uri).origin());
        return this;
    }

    /**
     * Whether the pool refuses full URIs that lead to another origin than that of the base URI and those allowed by
     * {@link #allowOrigin}. Set it where they come from outside. A path never leads to another origin.
     *
     * @param value false unless set
     * @return this
     */
    public WebSocketPoolBuilder allowedOriginsOnly(boolean value) {
        allowedOriginsOnly = value;
        return this;
    }

    /**
     * Limits the connections of each endpoint.
     *
     * @param value 1 or more; 10 unless set
     * @return this
     */
    public WebSocketPoolBuilder maxSize(int value) {
        return pool(pool -> pool.maxSize(value));
    }

    /**
     * Limits the connections of all endpoints together.
     *
     * @param value 1 or more; 100 unless set
     * @return this
     */
    public WebSocketPoolBuilder totalMaxSize(int value) {
        return pool(pool -> pool.totalMaxSize(value));
    }

    /**
     * Sets how many connections are held for each endpoint.
     *
     * @param value 0 or more; 0 unless set
     * @return this
     */
    public WebSocketPoolBuilder minIdle(int value) {
        return pool(pool -> pool.minIdle(value));
    }

    /**
     * Sets the deadline of an acquire.
     *
     * @param value zero or more; 30 s unless set
     * @return this
     */
    public WebSocketPoolBuilder acquireTimeout(Duration value) {
        return pool(pool -> pool.acquireTimeout(value));
    }

    /**
     * Sets how long a connect may take, with all its attempts and pauses.
     *
     * @param value more than zero; 10 s unless set
     * @return this
     */
    public WebSocketPoolBuilder connectTimeout(Duration value) {
        return pool(pool -> pool.connectTimeout(value));
    }

    /**
     * Sets after what time an idle connection beyond minIdle is closed.
     *
     * @param value more than zero; 60 s unless set
     * @return this
     */
    public WebSocketPoolBuilder idleTimeout(Duration value) {
        return pool(pool -> pool.idleTimeout(value));
    }

    /**
     * Sets the age at which a connection is no longer handed out; choose less than what the server allows.
     *
     * @param value more than zero; 1 h unless set
     * @return this
     */
    public WebSocketPoolBuilder maxLifetime(Duration value) {
        return pool(pool -> pool.maxLifetime(value));
    }

    /**
     * Names the pool and its threads.
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
     * Sets how often a connect is tried; see {@link WebSocketConnectionManagerBuilder#retry}. Its pauses also hold between
     * the connects of an endpoint that fails for good; without a retry, those are the defaults of
     * {@link CircuitGovernor#builder()}.
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
     * Limits the rate of connects of each endpoint; see {@link ConnectRate}.
     *
     * @param connects how many; 1 or more
     * @param period in what time
     * @return this
     */
    public WebSocketPoolBuilder connectRate(long connects, Duration period) {
        connections.connectRate(ConnectRate.of(connects, period));
        return this;
    }

    /**
     * Recognises a server's notice; see {@link WebSocketConnectionManagerBuilder#retireOn}.
     *
     * @param notice tells it from other messages
     * @return this
     */
    public WebSocketPoolBuilder retireOn(Predicate<Message> notice) {
        connections.retireOn(notice);
        return this;
    }

    /**
     * Opens connections as soon as the pool is built.
     *
     * @param count how many for each; 0 or more
     * @param pathsOrUris where to
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
     * Sets any knob of the connections.
     *
     * @param knobs is given their builder, at once; a header set here goes to every origin
     * @return this
     */
    public WebSocketPoolBuilder connections(Consumer<WebSocketConnectionManagerBuilder> knobs) {
        knobs.accept(connections);
        return this;
    }

    /**
     * Sets any knob of the pool.
     *
     * @param knobs is given its builder, when the pool is built
     * @return this
     */
    public WebSocketPoolBuilder pool(Consumer<ConnectionPoolBuilder<WebSocketEndpoint, WebSocketConnection>> knobs) {
        poolKnobs.add(Objects.requireNonNull(knobs, "pool"));
        return this;
    }

    /**
     * Makes the pool and begins its warm-up.
     *
     * @return the pool, to be closed after use
     * @throws IllegalArgumentException when a value of the pool is out of bounds, values contradict each other, headers are
     *     set but no origin they may go to, or a warm-up leads to no endpoint or to an origin that is not allowed
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
        if (!secrets.isEmpty()) {
            if (allowed.isEmpty()) {
                throw new IllegalArgumentException("header must come with baseUri or allowOrigin, but neither is set");
            }
            connections
                    .headerSources()
                    .add(endpoint -> allowed.contains(endpoint.origin()) ? values(secrets) : Map.of());
        }
        WebSocketConnectionManager manager = connections.build();
        boolean isBuilt = false;
        try {
            ConnectionPoolBuilder<WebSocketEndpoint, WebSocketConnection> pool =
                    ConnectionPools.builder(manager).connectGovernor(circuit());
            poolKnobs.forEach(knob -> knob.accept(pool));
            var built = new WebSocketPool(checked(pool.build(), manager), manager, this);
            isBuilt = true;
            return built;
        } finally {
            if (!isBuilt) {
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
        Drain drain = manager.settings().drain;
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
