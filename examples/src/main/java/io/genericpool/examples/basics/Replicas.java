package io.genericpool.examples.basics;

import io.genericpool.ConnectionPool;
import io.genericpool.EndpointGroup;
import io.genericpool.group.Routing;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Endpoints any of which can serve a request. */
final class Replicas {
    private Replicas() {}

    static <C> EndpointGroup<String, C> readers(ConnectionPool<String, C> pool) {
        return pool.group(
                "readers", Routing.leastLoaded().spillAfter(Duration.ofMillis(50)), List.of("r1", "r2", "r3"));
    }

    static <C> String servedBy(EndpointGroup<String, C> readers) {
        try (var lease = readers.connection(Duration.ofSeconds(2))) {
            return lease.endpoint(); // which member serves it
        }
    }

    static <C> void discovered(EndpointGroup<String, C> readers, Collection<String> members) {
        readers.members(members); // leases and connections of former members end in their own time
    }

    static <C> EndpointGroup<String, C> regions(ConnectionPool<String, C> pool, Function<String, String> regionOf) {
        Routing<String> nearestFirst = Routing.roundRobin()
                .hedgeAfter(Duration.ofMillis(200))
                .tier(endpoint -> regionOf.apply(endpoint).equals("here") ? 0 : 1);
        return pool.group("regions", nearestFirst, List.of("here-1", "here-2", "there-1"));
    }
}
