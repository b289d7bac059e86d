package io.genericpool.spring;

import io.genericpool.PoolConfig;
import io.genericpool.fleet.FleetLimits;
import io.genericpool.fleet.FleetLimitsBuilder;
import io.genericpool.fleet.WhenUnreachable;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spring.GenericPoolProperties.Fleet;
import io.genericpool.spring.GenericPoolProperties.Ledger;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import io.genericpool.websocket.WebSocketEndpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Makes the limits of the fleet that the properties describe. */
final class Fleets {
    private final GenericPoolProperties properties;
    private final Fleet fleet;
    private final Environment environment;
    private final Knobs knobs;

    Fleets(GenericPoolProperties properties, Environment environment) {
        this.properties = properties;
        this.fleet = properties.fleet();
        this.environment = environment;
        this.knobs = new Knobs(GenericPoolProperties.FLEET, environment);
    }

    FleetLimits<Object> limits(@Nullable FleetEngine engine) {
        FleetLimitsBuilder<Object> builder =
                FleetLimits.<Object>builder(checked(engine)).name(name());
        boolean hasWebSockets = ClassUtils.isPresent(
                "io.genericpool.websocket.WebSocketEndpoint", getClass().getClassLoader());
        if (fleet.cap() != null || !fleet.caps().isEmpty()) {
            builder.cap(
                    hasWebSockets ? Endpoints.caps(properties, ofCaps(), caps(), cap()) : capsByName(caps(), cap()));
        } else if (fleet.totalCap() == null) {
            throw missing(
                    "cap",
                    "a fleet needs a limit",
                    "Write the maximum number of connections of all processes to each endpoint as 'genericpool.fleet.cap',"
                            + " to single ones below 'genericpool.fleet.caps', or to all as"
                            + " 'genericpool.fleet.total-cap'.");
        }
        builder.key(hasWebSockets ? Endpoints::key : String::valueOf);
        knobs.set("totalCap", fleet.totalCap(), builder::totalCap);
        knobs.set("capVersion", fleet.capVersion(), builder::capVersion);
        knobs.set("lease", fleet.lease(), builder::lease);
        knobs.set("grace", fleet.grace(), builder::grace);
        knobs.set("heartbeat", fleet.heartbeat(), builder::heartbeat);
        knobs.set("gather", fleet.gather(), builder::gather);
        builder.whenUnreachable(whenUnreachable());
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw ofTimes(e);
        }
    }

    /** The rule may be broken by a default, beside a value that is written. */
    private IllegalArgumentException ofTimes(IllegalArgumentException failure) {
        IllegalArgumentException analysed = knobs.ofRules(failure, environment);
        return analysed instanceof InvalidPropertyException
                ? analysed
                : missing(
                        "lease",
                        String.valueOf(failure.getMessage()),
                        "Write the times of the fleet so that they fit.");
    }

    private InvalidPropertyException missing(String knob, String reason, String remedy) {
        return new InvalidPropertyException(knobs.property(knob), null, reason, remedy);
    }

    private String name() {
        if (fleet.name() == null || fleet.name().isBlank()) {
            throw missing(
                    "name",
                    "a fleet needs a name",
                    "Write a name that all processes of the fleet have and no other ones.");
        }
        return fleet.name();
    }

    private FleetEngine checked(@Nullable FleetEngine engine) {
        boolean hasRedis = fleet.redis().url() != null;
        boolean hasLedger = fleet.jdbc().isSet();
        String ledger = fleet.jdbc().url() == null ? "jdbc.data-source" : "jdbc.url";
        if (hasRedis && hasLedger) {
            throw refused(
                    ledger,
                    "the ledger of a fleet has one place, and 'genericpool.fleet.redis.url' is set as well",
                    "Leave one of the two properties out.");
        }
        if (engine != null) {
            return engine;
        }
        if (hasRedis) {
            throw refused(
                    "redis.url",
                    "it needs the module fleet-redis, which is not on the class path",
                    "Add 'io.genericpool:fleet-redis' to the dependencies of the application.");
        }
        if (hasLedger) {
            throw refused(
                    ledger,
                    "it needs the modules fleet-jdbc and spring-jdbc, which are not both on the class path",
                    "Add 'io.genericpool:fleet-jdbc' and 'org.springframework:spring-jdbc' to the dependencies of the"
                            + " application.");
        }
        throw missing(
                "redis.url",
                "a fleet needs an engine that keeps its ledger",
                "Write the URL of a server as 'genericpool.fleet.redis.url' or 'genericpool.fleet.jdbc.url', or make a"
                        + " FleetEngine bean.");
    }

    /** Its value may hold a password. */
    private InvalidPropertyException refused(String knob, String reason, String remedy) {
        return new InvalidPropertyException(knobs.property(knob), "...", reason, remedy);
    }

    private WhenUnreachable whenUnreachable() {
        return switch (fleet.whenUnreachable()) {
            case KEEP -> WhenUnreachable.KEEP;
            case NONE -> WhenUnreachable.NONE;
            case SAFE -> safe();
        };
    }

    private WhenUnreachable safe() {
        if (fleet.safeConnections() == null) {
            throw missing(
                    "safeConnections",
                    "it is what 'genericpool.fleet.when-unreachable: safe' allows",
                    "Write the number of connections per endpoint, or another rule.");
        }
        var rule = new WhenUnreachable[1];
        knobs.set("safeConnections", fleet.safeConnections(), number -> rule[0] = WhenUnreachable.safe(number));
        return rule[0];
    }

    // ---- caps

    private int cap() {
        knobs.set("cap", fleet.cap(), value -> checkCap("cap", value));
        return fleet.cap() == null ? PoolConfig.UNLIMITED : fleet.cap();
    }

    private static void checkCap(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
    }

    private Knobs ofCaps() {
        return new Knobs(knobs.property("caps"));
    }

    /** A mistyped name would be a limit that is not kept. */
    private Map<String, Integer> caps() {
        var known = new TreeSet<>(properties.jdbc().endpoints().keySet());
        known.addAll(properties.websocket().keySet());
        Knobs own = ofCaps();
        fleet.caps().forEach((name, value) -> {
            if (!known.contains(name)) {
                throw new InvalidPropertyException(
                        own.property(name),
                        String.valueOf(value),
                        "it names no database and no WebSocket pool of the properties",
                        known.isEmpty() ? "Leave it out." : "Write one of " + String.join(", ", known) + ".");
            }
            own.set(name, value, number -> checkCap(name, number));
        });
        return fleet.caps();
    }

    private static ToIntFunction<Object> capsByName(Map<String, Integer> caps, int others) {
        return endpoint -> caps.getOrDefault(String.valueOf(endpoint), others);
    }

    /** What needs the type of WebSocket endpoints, which may be absent. */
    private static final class Endpoints {
        /** So many bytes of a digest tell endpoints apart. */
        private static final int DIGEST = 8;

        /** The cap of a WebSocket pool holds for each endpoint at the origin of its base URI. */
        static ToIntFunction<Object> caps(
                GenericPoolProperties properties, Knobs own, Map<String, Integer> caps, int others) {
            var byOrigin = new HashMap<String, Integer>();
            properties.websocket().forEach((name, pool) -> {
                Integer cap = caps.get(name);
                String origin = pool.baseUri() == null ? "" : originOf(pool.baseUri());
                Integer other = cap == null || origin.isEmpty() ? null : byOrigin.put(origin, cap);
                if (other != null && !other.equals(cap)) {
                    throw new InvalidPropertyException(
                            own.property(name),
                            String.valueOf(cap),
                            "another WebSocket pool has the same origin and the cap " + other,
                            "Write the same cap for both, because it holds for each endpoint at that origin.");
                }
            });
            ToIntFunction<Object> byName = capsByName(caps, others);
            return endpoint -> endpoint instanceof WebSocketEndpoint socket
                    ? byOrigin.getOrDefault(socket.origin(), others)
                    : byName.applyAsInt(endpoint);
        }

        private static String originOf(String baseUri) {
            try {
                return WebSocketEndpoint.of(baseUri).origin();
            } catch (IllegalArgumentException e) {
                return ""; // its pool will refuse it, with its property
            }
        }

        /** Different for different endpoints. What may be a secret of a URI is only in the digest. */
        static String key(Object endpoint) {
            String text = String.valueOf(endpoint);
            if (!(endpoint instanceof WebSocketEndpoint socket)) {
                return text;
            }
            String whole = socket.uri().toString();
            return whole.equals(text) ? text : text + "#" + digest(whole);
        }

        private static String digest(String text) {
            try {
                byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(all, 0, DIGEST);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("each JDK has SHA-256", e);
            }
        }
    }

    // ---- engines

    /** The address of a Redis server. Its text may hold a password, so no error shows more than the scheme. */
    static URI server(String property, String url) {
        try {
            var server = new URI(url);
            if (("redis".equals(server.getScheme()) || "rediss".equals(server.getScheme()))
                    && server.getHost() != null) {
                return server;
            }
        } catch (URISyntaxException e) {
            // Its message holds the text.
        }
        int colon = url.indexOf("://");
        throw new InvalidPropertyException(
                property,
                colon < 0 ? "..." : url.substring(0, colon) + "://...",
                "it is no URL of a Redis server",
                "Write a URL such as 'redis://redis.example.com:6379', or 'rediss://' with TLS.");
    }

    /** Where the connections of the ledger come from. They are no connections of a pool that needs the ledger itself. */
    static DataSource source(
            Ledger ledger, Knobs knobs, ListableBeanFactory beans, Function<Ledger, DataSource> unpooled) {
        String name = ledger.dataSource();
        if (name == null) {
            if (ledger.url() == null || !ledger.url().startsWith("jdbc:postgresql:")) {
                throw new InvalidPropertyException(
                        knobs.property("url"),
                        ledger.url() == null ? null : "...",
                        "the ledger is kept in PostgreSQL",
                        "Write a URL such as 'jdbc:postgresql://db.example.com/fleet', or the name of a DataSource bean as"
                                + " 'genericpool.fleet.jdbc.data-source'.");
            }
            return unpooled.apply(ledger);
        }
        Class<?> type = beans.containsBean(name) ? beans.getType(name) : null;
        if (type == null || !DataSource.class.isAssignableFrom(type) || isOfPool(type)) {
            throw new InvalidPropertyException(
                    knobs.property("dataSource"),
                    name,
                    type != null && isOfPool(type)
                            ? "it takes its connections from the pool that needs the ledger"
                            : "there is no such DataSource bean",
                    "Write the name of a DataSource bean without a pool, made by '@Bean(defaultCandidate = false)', or"
                            + " write 'genericpool.fleet.jdbc.url'.");
        }
        return beans.getBean(name, DataSource.class);
    }

    private static boolean isOfPool(Class<?> type) {
        return type.getName().startsWith("io.genericpool.");
    }
}
