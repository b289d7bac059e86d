package io.genericpool.console.internal.web;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.SuspendMode;
import io.genericpool.console.internal.feed.PoolFeed;
import io.genericpool.support.SafeText;
import java.util.List;

/**
 * A change that a person has asked for, and what it would do.
 *
 * @param question what the page asks before it is made
 * @param action makes the change
 */
record Change(String question, Runnable action) {
    /** Throws {@link IllegalArgumentException} when the request names nothing that can be done. */
    static Change of(List<PoolFeed<?>> pools, Form form) {
        int index = form.number("pool");
        if (index < 0 || index >= pools.size()) {
            throw new IllegalArgumentException("pool must be 0 to " + (pools.size() - 1) + ", but is " + index);
        }
        return of(pools.get(index), form);
    }

    private static <E> Change of(PoolFeed<E> feed, Form form) {
        ConnectionPool<E, ?> pool = feed.pool();
        E endpoint = feed.endpoint(form.number("endpoint")).orElseThrow(Change::gone);
        EndpointStats stats = pool.stats(endpoint).orElseThrow(Change::gone);
        String which = SafeText.label(stats.label()) + " of pool " + feed.name();
        return switch (form.get("action")) {
            case "evict" ->
                new Change(
                        "Evict " + which + "? Its idle connections (" + stats.idle()
                                + ") are closed now, its leased ones ("
                                + stats.leased() + ") at their release.",
                        () -> pool.evict(endpoint));
            case "suspend-wait" ->
                new Change(
                        "Suspend " + which + "? Requests wait until it is resumed or they time out.",
                        () -> pool.suspend(endpoint, SuspendMode.WAIT));
            case "suspend-fail" ->
                new Change(
                        "Suspend " + which + "? Requests fail at once until it is resumed.",
                        () -> pool.suspend(endpoint, SuspendMode.FAIL));
            case "resume" ->
                new Change(
                        "Resume " + which + "? Waiting requests are served, and a pause after failures ends.",
                        () -> pool.resume(endpoint));
            case "resize" -> resize(pool, endpoint, stats, which, form.number("maxSize"));
            default ->
                throw new IllegalArgumentException(
                        "action must be evict, suspend-wait, suspend-fail, resume or resize");
        };
    }

    private static <E> Change resize(
            ConnectionPool<E, ?> pool, E endpoint, EndpointStats stats, String which, int maxSize) {
        EndpointLimits limits = stats.limits().withMaxSize(maxSize).validated();
        return new Change(
                "Change maxSize of " + which + " from " + stats.limits().maxSize() + " to " + maxSize + "?",
                () -> pool.resize(endpoint, limits));
    }

    private static IllegalArgumentException gone() {
        return new IllegalArgumentException("the endpoint has left the pool");
    }
}
