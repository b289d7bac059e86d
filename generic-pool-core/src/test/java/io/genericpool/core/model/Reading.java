package io.genericpool.core.model;

/**
 * What the specification leaves open, as a question to be answered by yes or no. A pool must answer each one always in
 * the same way. Where the engine's way is settled it is written here; for the rest the model tries both answers when a
 * question first matters, and holds the pool to the one it gave.
 */
enum Reading {
    /** Evicting takes the connects under way from those who wait for them, at once. */
    EVICT_UNCOVERS_AT_ONCE(true),
    /** A connect of an evicted generation, or a check nobody waits for, spares a new request its own connect. */
    OLD_CONNECT_COVERS(false),
    CHECK_COVERS(false),
    /** A request that is cancelled between its delivery and its completion counts as granted. */
    CANCELLED_COUNTS_AS_GRANTED(false),
    /** A lease that nobody ever saw counts as a use of its connection. */
    UNSEEN_LEASE_COUNTS(false),
    /** The end of a lease that nobody ever saw makes its connection as fresh as a release. */
    UNSEEN_LEASE_RENEWS(false),
    /** A connect under way that nobody waits for comes before an idle connection that must be checked. */
    CONNECT_BEFORE_CHECK(false),
    /** resume serves an endpoint that is not suspended. */
    RESUME_ALWAYS_SERVES(true),
    /** retire takes an idle connection out at once. */
    RETIRE_DISPOSES_IDLE(true),
    /** Warm-ups connect before a refill that is due; a refill waits for connects of warm-ups. */
    WARM_UP_BEFORE_REFILL(true),
    REFILL_AFTER_WARM_UP(true),
    /** A connection that breaks before, or in, its first use stops the refill until the next sweep. */
    UNUSED_DEATH_STOPS_REFILL(true),
    FIRST_USE_DEATH_STOPS_REFILL(null),
    /** An endpoint that is served while it starves longest makes room for the next one, and goes behind it. */
    SERVED_STARVING_IS_PASSED(null),
    SERVED_STARVING_GOES_LAST(null),
    LAST_STARVES_ANEW(null),
    /** The sweep takes the lifetime of a connection for one tick shorter than its next round needs. */
    SWEEP_LIFETIME_BY_TICK(true),
    /** The last use of an endpoint is known by the exact time, not by the tick. */
    RETENTION_IS_EXACT(true),
    /** Without a collector, an acquire that finds nothing idle takes out expired connections. */
    MISS_EXPIRES(true),
    /** Exact order: a connection that is stale makes a hand-out not look at those behind it. */
    STALE_ENDS_SEARCH(null),
    /** Exact order: a connection that was checked and is not wanted has its old place. */
    CHECKED_KEEPS_PLACE(null),
    /** A release is a use of its endpoint, which keeps its minIdle for another endpointRetention. */
    RELEASE_TOUCHES(false),
    /** The idle connections of a suspended endpoint are kept alive. */
    SUSPENDED_IS_KEPT_ALIVE(false),
    /** A hand-out of an idle connection brings minIdle back, after endpointRetention, only at the next sweep. */
    HIT_RESTORES_MIN_IDLE_LATE(null),
    /** An endpoint keeps its minIdle as long as something of it is leased. */
    LEASE_KEEPS_MIN_IDLE(true),
    /** An empty endpoint stays, while a call for it is abandoned; or without a collector because of its minIdle. */
    ABANDONED_CALL_HOLDS_ENDPOINT(true),
    FLOOR_HOLDS_ENDPOINT(false),
    /** A disposal that begins only after its timeout is cancelled at once. */
    LATE_DISPOSAL_IS_CANCELLED(false),
    /** A connection that fails in bind was created, and counts as disposed. */
    FAILED_BIND_COUNTS(true);

    /** The answer the engine is held to; null when it is found out anew in each trace. */
    final Boolean answer;

    Reading(Boolean answer) {
        this.answer = answer;
    }
}
