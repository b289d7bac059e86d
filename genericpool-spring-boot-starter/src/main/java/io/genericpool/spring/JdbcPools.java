package io.genericpool.spring;

import io.genericpool.EndpointLimits;
import io.genericpool.GenericPoolException;
import io.genericpool.event.PoolListener;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.jdbc.JdbcPoolBuilder;
import io.genericpool.spring.GenericPoolProperties.Endpoint;
import io.genericpool.spring.GenericPoolProperties.Jdbc;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import io.genericpool.spring.internal.failure.UnreachableDatabaseException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;

/** Makes the JDBC pool that the properties describe. */
final class JdbcPools {
    /** The pool's own defaults, for a database that sets only one of its two limits. */
    private static final int MAX_SIZE = 10;

    private static final int MIN_IDLE = 0;

    private final Jdbc jdbc;
    private final Environment environment;
    private final @Nullable JdbcConnectionDetails details;
    private final Knobs knobs;

    JdbcPools(Jdbc jdbc, Environment environment, @Nullable JdbcConnectionDetails details) {
        this.jdbc = jdbc;
        this.environment = environment;
        this.details = details;
        this.knobs = new Knobs(GenericPoolProperties.JDBC, environment);
    }

    /** The database of the primary {@code DataSource}. */
    static String primary(Jdbc jdbc) {
        String property = GenericPoolProperties.JDBC + ".primary";
        if (jdbc.primary() != null) {
            return Knobs.known(property, jdbc.primary(), jdbc);
        }
        if (jdbc.endpoints().size() == 1) {
            return jdbc.endpoints().keySet().iterator().next();
        }
        throw new InvalidPropertyException(
                property,
                null,
                "there are " + jdbc.endpoints().size() + " databases, and one must be primary",
                "Write one of " + String.join(", ", jdbc.endpoints().keySet()) + " as '" + property + "'.");
    }

    JdbcPool create(
            List<JdbcPoolCustomizer> customizers, @Nullable PoolListener<? super String> listener, boolean virtual) {
        JdbcPoolBuilder builder = JdbcPool.builder().name(jdbc.name());
        String primary = primary(jdbc);
        jdbc.endpoints().forEach((name, endpoint) -> builder.endpoint(name, endpoint(name, endpoint, primary)));
        builder.connections(connections -> connections.virtualThreads(virtual));
        applyTo(builder);
        JdbcGroups.addTo(builder, jdbc, environment);
        knobs.set("wrongRolePause", jdbc.wrongRolePause(), builder::wrongRolePause);
        jdbc.warmUp().forEach((name, count) -> warmUp(builder, name, count));
        if (listener != null) {
            builder.pool(pool -> pool.listener(listener));
        }
        customizers.forEach(customizer -> customizer.customize(builder));
        JdbcPool pool;
        try {
            pool = builder.build();
        } catch (IllegalArgumentException e) {
            throw knobs.ofRules(e, environment);
        }
        if (jdbc.failFast()) {
            reachAll(pool);
        }
        return pool;
    }

    @SuppressWarnings("NullAway") // it does not read that limits may be null from the class file of another module
    private void applyTo(JdbcPoolBuilder builder) {
        Map<String, EndpointLimits> limits = limits(jdbc);
        builder.pool(pool -> {
            knobs.set("maxSize", jdbc.maxSize(), pool::maxSize);
            knobs.set("totalMaxSize", jdbc.totalMaxSize(), pool::totalMaxSize);
            knobs.set("minIdle", jdbc.minIdle(), pool::minIdle);
            knobs.set("maxWaiters", jdbc.maxWaiters(), pool::maxWaiters);
            knobs.set("acquireTimeout", jdbc.acquireTimeout(), pool::acquireTimeout);
            knobs.set("connectTimeout", jdbc.connectTimeout(), pool::connectTimeout);
            knobs.set("idleTimeout", jdbc.idleTimeout(), pool::idleTimeout);
            knobs.set("maxLifetime", jdbc.maxLifetime(), pool::maxLifetime);
            knobs.set("keepaliveInterval", jdbc.keepaliveInterval(), pool::keepaliveInterval);
            knobs.set("addressWatch", jdbc.addressWatch(), pool::addressWatch);
            knobs.set("leakDetectionThreshold", jdbc.leakDetectionThreshold(), pool::leakDetectionThreshold);
            knobs.set("closeTimeout", jdbc.closeTimeout(), pool::closeTimeout);
            pool.registerMBean(jdbc.registerMbean());
            if (!limits.isEmpty()) {
                pool.endpointLimits(limits::get);
            }
        });
    }

    /** Of the databases that have limits of their own. */
    static Map<String, EndpointLimits> limits(Jdbc jdbc) {
        var limits = new HashMap<String, EndpointLimits>();
        jdbc.endpoints().forEach((name, endpoint) -> {
            if (endpoint.maxSize() != null || endpoint.minIdle() != null) {
                limits.put(name, limits(new Knobs(GenericPoolProperties.ENDPOINTS + "." + name), endpoint, jdbc));
            }
        });
        return limits;
    }

    private static EndpointLimits limits(Knobs own, Endpoint endpoint, Jdbc jdbc) {
        int maxSize = first(endpoint.maxSize(), jdbc.maxSize(), MAX_SIZE);
        int minIdle = Math.min(first(jdbc.minIdle(), MIN_IDLE), Math.max(maxSize, 1));
        var limits = new EndpointLimits[] {EndpointLimits.of(0, 1)};
        own.set("maxSize", maxSize, value -> limits[0] = limits[0].withMaxSize(value));
        own.set(
                "minIdle",
                first(endpoint.minIdle(), minIdle),
                value -> limits[0] = limits[0].withMinIdle(value).validated());
        var all = new Knobs(GenericPoolProperties.JDBC);
        all.set("maxWaiters", jdbc.maxWaiters(), value -> limits[0] = limits[0].withMaxWaiters(value));
        return limits[0];
    }

    private static int first(@Nullable Integer... values) {
        for (Integer value : values) {
            if (value != null) {
                return value;
            }
        }
        throw new IllegalArgumentException("values must hold one that is set, but hold none");
    }

    private void warmUp(JdbcPoolBuilder builder, String name, int count) {
        var warmUps = new Knobs(GenericPoolProperties.JDBC + ".warm-up");
        Knobs.known(warmUps.property(name), name, jdbc);
        warmUps.set(name, count, value -> builder.warmUp(value, name));
    }

    private JdbcEndpoint endpoint(String name, Endpoint endpoint, String primary) {
        var own = new Knobs(GenericPoolProperties.ENDPOINTS + "." + name);
        JdbcEndpoint target = details != null && name.equals(primary)
                ? login(target(own, details.getJdbcUrl()), details.getUsername(), details.getPassword())
                : login(target(own, endpoint.url()), endpoint.username(), endpoint.password());
        for (var property : endpoint.driverProperties().entrySet()) {
            target = target.property(property.getKey(), property.getValue());
        }
        target = target.initSql(endpoint.initSql().toArray(String[]::new));
        target = endpoint.autoCommit() == null ? target : target.autoCommit(endpoint.autoCommit());
        target = endpoint.readOnly() == null ? target : target.readOnly(endpoint.readOnly());
        target = endpoint.isolation() == null
                ? target
                : target.isolation(endpoint.isolation().level());
        target = endpoint.role() == null ? target : target.role(JdbcGroups.role(endpoint.role()));
        target = endpoint.catalog() == null ? target : target.catalog(endpoint.catalog());
        return endpoint.schema() == null ? target : target.schema(endpoint.schema());
    }

    private static JdbcEndpoint login(JdbcEndpoint target, @Nullable String username, @Nullable String password) {
        return username == null ? target : target.credentials(username, Objects.requireNonNullElse(password, ""));
    }

    private static JdbcEndpoint target(Knobs own, @Nullable String url) {
        String property = own.property("url");
        if (url == null || url.isBlank()) {
            throw new InvalidPropertyException(
                    property,
                    null,
                    "a database needs a JDBC URL",
                    "Write a URL such as 'jdbc:postgresql://db.example.com/shop' as '" + property + "'.");
        }
        if (!url.startsWith("jdbc:")) {
            throw new InvalidPropertyException(
                    property,
                    beginning(url),
                    "it is no JDBC URL",
                    "Write a URL that begins with 'jdbc:', such as 'jdbc:postgresql://db.example.com/shop'.");
        }
        if (!hasDriver(url)) {
            throw new InvalidPropertyException(
                    property,
                    beginning(url),
                    "no driver on the class path takes it",
                    "Add the driver of the database to the dependencies of the application, or correct the URL.");
        }
        return JdbcEndpoint.url(url);
    }

    /** Looks where the pool will look. */
    private static boolean hasDriver(String url) {
        return Stream.concat(
                        DriverManager.drivers(),
                        ServiceLoader.load(Driver.class).stream().map(ServiceLoader.Provider::get))
                .anyMatch(driver -> takes(driver, url));
    }

    private static boolean takes(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return true; // it is its own, and the connection attempt will tell what is wrong
        }
    }

    /** What stands before a host, because the rest may hold a secret. */
    private static String beginning(String url) {
        int end = url.indexOf("//");
        return (end < 0 ? url.substring(0, Math.min(url.indexOf(':', 5) + 1, url.length())) : url.substring(0, end))
                + "...";
    }

    /** Opens a connection to each required database, and to a member of each required group, all attempts at once. */
    private void reachAll(JdbcPool pool) {
        var attempts = new HashMap<String, Runnable>();
        for (String name : jdbc.endpoints().keySet()) {
            if (JdbcGroups.isRequired(jdbc, name)) {
                var lease = pool.pool().connectionAsync(name);
                attempts.put(name, () -> lease.join().close());
            }
        }
        jdbc.groups().forEach((name, group) -> {
            if (group.required()) {
                var lease = pool.group(name).connectionAsync();
                attempts.put(name, () -> lease.join().close());
            }
        });
        try {
            attempts.forEach(this::await);
        } catch (UnreachableDatabaseException e) {
            pool.close(Duration.ZERO);
            throw e;
        }
    }

    private void await(String name, Runnable attempt) {
        try {
            attempt.run();
        } catch (CompletionException e) {
            RuntimeException why = e.getCause() instanceof GenericPoolException cause ? cause : e;
            throw jdbc.groups().containsKey(name)
                    ? UnreachableDatabaseException.group(name, GenericPoolProperties.GROUPS + "." + name, why)
                    : UnreachableDatabaseException.database(name, GenericPoolProperties.ENDPOINTS + "." + name, why);
        }
    }
}
