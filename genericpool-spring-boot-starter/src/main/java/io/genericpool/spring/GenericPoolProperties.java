package io.genericpool.spring;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What stands below {@code genericpool}. A name that is not known is an error, because a mistyped limit would otherwise
 * be no limit. Values that are left out are the defaults of the pool itself.
 *
 * @param jdbc the pool of databases
 * @param websocket the WebSocket pools by name
 * @param metrics the meters of all pools
 * @param fleet the limits that all processes of a fleet share
 */
@ConfigurationProperties(prefix = "genericpool", ignoreUnknownFields = false)
record GenericPoolProperties(
        @DefaultValue Jdbc jdbc,
        @DefaultValue Map<String, WebSocket> websocket,
        @DefaultValue Metrics metrics,
        @DefaultValue Fleet fleet) {
    static final String JDBC = "genericpool.jdbc";
    static final String ENDPOINTS = JDBC + ".endpoints";
    static final String GROUPS = JDBC + ".groups";
    static final String WEBSOCKET = "genericpool.websocket";
    static final String FLEET = "genericpool.fleet";

    /**
     * One pool of any number of databases.
     *
     * @param name the name of the pool in logs, meters and the actuator
     * @param endpoints the databases by name
     * @param primary the database of the primary DataSource; may be left out when there is only one
     * @param groups groups of databases by name, any member of which can serve a request
     * @param replicas the replicas of the primary, which then take read-only transactions
     * @param readers the group that takes read-only transactions, in place of replicas
     * @param wrongRolePause how long a database in another role than required is left alone
     * @param warmUp the number of connections to open at the start, by name of the database
     * @param failFast whether the start fails when a required database cannot be reached
     * @param maxSize the maximum number of connections per database
     * @param totalMaxSize the maximum number of connections of all databases together
     * @param minIdle the number of connections to hold per database
     * @param maxWaiters the maximum number of waiting requests per database
     * @param acquireTimeout the timeout of getConnection, with queue, connection attempt and check
     * @param connectTimeout the timeout of one connection attempt
     * @param idleTimeout the time after which an idle connection beyond min-idle is closed
     * @param maxLifetime the age at which a connection is no longer reused
     * @param keepaliveInterval the time without use after which an idle connection is checked
     * @param addressWatch how often the hosts of the databases are resolved anew; connections to old addresses leave the pool
     * @param leakDetectionThreshold the time after which a held connection is reported as a leak
     * @param closeTimeout the time that a close waits for held connections
     * @param registerMbean whether the pool is shown by JMX
     * @param quiesceTimeout the time that a checkpoint (CRaC) waits for held connections
     */
    record Jdbc(
            @DefaultValue("jdbc") String name,
            @DefaultValue Map<String, Endpoint> endpoints,
            @Nullable String primary,
            @DefaultValue Map<String, Group> groups,
            @DefaultValue List<String> replicas,
            @Nullable String readers,
            @Nullable Duration wrongRolePause,
            @DefaultValue Map<String, Integer> warmUp,
            @DefaultValue("false") boolean failFast,
            @Nullable Integer maxSize,
            @Nullable Integer totalMaxSize,
            @Nullable Integer minIdle,
            @Nullable Integer maxWaiters,
            @Nullable Duration acquireTimeout,
            @Nullable Duration connectTimeout,
            @Nullable Duration idleTimeout,
            @Nullable Duration maxLifetime,
            @Nullable Duration keepaliveInterval,
            @Nullable Duration addressWatch,
            @Nullable Duration leakDetectionThreshold,
            @Nullable Duration closeTimeout,
            @DefaultValue("false") boolean registerMbean,
            @DefaultValue("30s") Duration quiesceTimeout) {}

    /**
     * One database.
     *
     * @param url the JDBC URL
     * @param username the user that logs in
     * @param password the password of the user
     * @param driverProperties further properties for the driver
     * @param initSql SQL statements that run on each new connection
     * @param autoCommit whether connections start in autocommit mode
     * @param readOnly whether connections start read-only
     * @param isolation the transaction isolation with which connections start
     * @param catalog the catalog with which connections start
     * @param schema the schema with which connections start
     * @param maxSize the maximum number of connections, in place of the one of all databases
     * @param minIdle the number of connections to hold, in place of the one of all databases
     * @param role the role that the database must have; any role unless set here or by a group
     * @param required whether health is down, and a start with fail-fast fails, when the database cannot be reached; true
     *     unless the database is a member of a group and is not the primary
     */
    record Endpoint(
            @Nullable String url,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue Map<String, String> driverProperties,
            @DefaultValue List<String> initSql,
            @Nullable Boolean autoCommit,
            @Nullable Boolean readOnly,
            @Nullable Isolation isolation,
            @Nullable String catalog,
            @Nullable String schema,
            @Nullable Integer maxSize,
            @Nullable Integer minIdle,
            @Nullable Role role,
            @Nullable Boolean required) {
        /** Hides the password and what the URL may hold. */
        @Override
        public String toString() {
            return "Endpoint";
        }
    }

    /**
     * Several databases or endpoints, any of which can serve a request.
     *
     * @param members the members in their declared order: names of databases, or URIs
     * @param policy which member should serve a request
     * @param role the role that the members must have; databases only
     * @param tiers the tier of members, 0 unless set; members of a higher number serve when no lower one can
     * @param weights the weight of members, 1 unless set; for the policy weighted
     * @param spillAfter the time after which another member opens a connection in place of one that is slow to do so
     * @param hedgeAfter the time after which a request may have two connection attempts
     * @param required whether health is down, and a start with fail-fast fails, when no member can be reached
     */
    record Group(
            @DefaultValue List<String> members,
            @DefaultValue("least-loaded") Policy policy,
            @Nullable Role role,
            @DefaultValue Map<String, Integer> tiers,
            @DefaultValue Map<String, Double> weights,
            @Nullable Duration spillAfter,
            @Nullable Duration hedgeAfter,
            @DefaultValue("true") boolean required) {}

    /** Which member of a group should serve a request. */
    enum Policy {
        /** As declared. */
        IN_ORDER,
        /** Each in turn. */
        ROUND_ROBIN,
        /** By chance, in proportion to the weights. */
        WEIGHTED,
        /** The one with the least load. */
        LEAST_LOADED
    }

    /** What a database must be. A type of its own, because the plug-in may be absent. */
    enum Role {
        WRITER,
        READER
    }

    /** The isolation levels of JDBC. */
    enum Isolation {
        READ_UNCOMMITTED(Connection.TRANSACTION_READ_UNCOMMITTED),
        READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
        REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
        SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

        private final int level;

        Isolation(int level) {
            this.level = level;
        }

        int level() {
            return level;
        }
    }

    /**
     * One WebSocket pool.
     *
     * @param baseUri the URI that paths are resolved against, ws or wss
     * @param headers headers of the handshake, sent to the origins of the base URI and of allowed-origins
     * @param allowedOrigins URIs of further origins that get the headers, such as those of members of groups
     * @param groups groups of URIs by name, any of which can serve a request or a session
     * @param ssl the TLS settings
     * @param heartbeat the interval of pings; off unless set
     * @param maxSize the maximum number of connections per endpoint
     * @param totalMaxSize the maximum number of connections of all endpoints together
     * @param minIdle the number of connections to hold per endpoint
     * @param acquireTimeout the timeout of an acquire, with queue, connection attempt and check
     * @param connectTimeout the timeout of one connection attempt
     * @param idleTimeout the time after which an idle connection beyond min-idle is closed
     * @param maxLifetime the age at which a connection is no longer reused
     * @param addressWatch how often the hosts of the servers are resolved anew; connections to old addresses leave the pool
     * @param required whether health is down when an endpoint in use, which is in no group, cannot be reached
     */
    record WebSocket(
            @Nullable String baseUri,
            @DefaultValue Map<String, String> headers,
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue Map<String, Group> groups,
            @DefaultValue Ssl ssl,
            @Nullable Duration heartbeat,
            @Nullable Integer maxSize,
            @Nullable Integer totalMaxSize,
            @Nullable Integer minIdle,
            @Nullable Duration acquireTimeout,
            @Nullable Duration connectTimeout,
            @Nullable Duration idleTimeout,
            @Nullable Duration maxLifetime,
            @Nullable Duration addressWatch,
            @DefaultValue("true") boolean required) {
        /** Hides the headers, which may hold a token. */
        @Override
        public String toString() {
            return "WebSocket";
        }
    }

    /**
     * TLS.
     *
     * @param bundle the name of the SSL bundle; the platform's own trust unless set
     */
    record Ssl(@Nullable String bundle) {}

    /**
     * The meters.
     *
     * @param endpoints whether there are meters per endpoint, at most 100 per pool
     * @param timers what is timed: connection attempts, waits as well, or leases as well, which costs time per release
     * @param openTelemetry whether the pool of databases also has the meters that OpenTelemetry describes
     */
    record Metrics(
            @DefaultValue("false") boolean endpoints,
            @DefaultValue("none") Timers timers,
            @DefaultValue("false") boolean openTelemetry) {}

    /** What the timers measure, each choice with those before it. */
    enum Timers {
        NONE,
        CONNECTS,
        WAITS,
        LEASES
    }

    /**
     * Limits that hold for all processes of a fleet together. All of them have the same values here.
     *
     * @param name the name of the fleet
     * @param cap the maximum number of connections to each endpoint; no limit unless set
     * @param caps the same for single databases and WebSocket pools, by name
     * @param totalCap the maximum number of connections to all endpoints together; no limit unless set
     * @param capVersion the version of the caps, raised with each change of one; the highest one in the fleet holds
     * @param lease the time after which a silent process loses its shares
     * @param grace the time for which the shares of a silent process are kept beyond its lease
     * @param heartbeat the interval in which a process at rest calls the engine, and the limit of each call
     * @param gather the time for which changes are gathered into one call
     * @param whenUnreachable what a process may have while the engine is away for longer than a lease
     * @param safeConnections the number of connections per endpoint with when-unreachable=safe
     * @param redis the engine in Redis or Valkey
     * @param jdbc the engine in PostgreSQL
     */
    record Fleet(
            @Nullable String name,
            @Nullable Integer cap,
            @DefaultValue Map<String, Integer> caps,
            @Nullable Integer totalCap,
            @Nullable Long capVersion,
            @Nullable Duration lease,
            @Nullable Duration grace,
            @Nullable Duration heartbeat,
            @Nullable Duration gather,
            @DefaultValue("keep") Unreachable whenUnreachable,
            @Nullable Integer safeConnections,
            @DefaultValue Redis redis,
            @DefaultValue Ledger jdbc) {}

    /** What a process may have while the engine of its fleet is away: what it has, nothing, or a fixed number. */
    enum Unreachable {
        KEEP,
        NONE,
        SAFE
    }

    /**
     * The ledger of a fleet in Redis or Valkey.
     *
     * @param url the server, redis or rediss
     * @param prefix what the names of all keys begin with
     * @param timeout the limit of one call, less than the heartbeat
     */
    record Redis(
            @Nullable String url,
            @Nullable String prefix,
            @Nullable Duration timeout) {
        /** Hides the password that the URL may hold. */
        @Override
        public String toString() {
            return "Redis";
        }
    }

    /**
     * The ledger of a fleet in PostgreSQL.
     *
     * @param url the JDBC URL
     * @param username the user that logs in
     * @param password the password of the user
     * @param dataSource the name of a DataSource bean without a pool, in place of a URL
     * @param schema the schema of the tables and functions
     * @param timeout the limit of one call, less than the heartbeat
     * @param install whether the start creates the tables and functions, which needs the database at that time
     */
    record Ledger(
            @Nullable String url,
            @Nullable String username,
            @Nullable String password,
            @Nullable String dataSource,
            @Nullable String schema,
            @Nullable Duration timeout,
            @DefaultValue("false") boolean install) {
        boolean isSet() {
            return url != null || dataSource != null;
        }

        /** Hides the password and what the URL may hold. */
        @Override
        public String toString() {
            return "Ledger";
        }
    }
}
