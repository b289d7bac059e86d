package io.genericpool.benchmarks.fleet;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of the fleet, as the engine sees it. Calls of one session do not overlap. */
final class LoadSession {
    static final Duration LEASE = Duration.ofMinutes(10);

    private final FleetEngine engine;
    private final String fleet;
    private final String id;
    private final int cap;
    private final Map<String, Integer> shares = new HashMap<>();
    private long sequence;
    private long sum;

    LoadSession(FleetEngine engine, String fleet, String id, int cap) {
        this.engine = engine;
        this.fleet = fleet;
        this.id = id;
        this.cap = cap;
    }

    int share(String endpoint) {
        return shares.getOrDefault(endpoint, 0);
    }

    Claim claim(String endpoint, int share, int wanted) {
        return new Claim(endpoint, cap, share, wanted, 0);
    }

    /** Sends a batch and takes what it gets. @return how many shares were granted or given back */
    int send(List<Claim> claims) throws Exception {
        return send(Batch.Kind.CHANGES, claims, LEASE);
    }

    private int send(Batch.Kind kind, List<Claim> claims, Duration lease) throws Exception {
        int changes = 0;
        for (Claim claim : claims) {
            changes += keep(claim.endpoint(), claim.share());
        }
        var batch = new Batch(fleet, id, ++sequence, lease, 0, sum, kind, claims);
        Reply reply = engine.sync(batch).toCompletableFuture().get(1, TimeUnit.MINUTES);
        for (Grant grant : reply.grants()) {
            changes += keep(grant.endpoint(), grant.share());
        }
        return changes;
    }

    private int keep(String endpoint, int share) {
        Integer before = shares.put(endpoint, share);
        int change = share - (before == null ? 0 : before);
        sum += change;
        return Math.abs(change);
    }

    /** Restates what it has; that ends the learning of a ledger that has only just begun. */
    boolean isLearning() throws Exception {
        var claims = new ArrayList<Claim>();
        shares.forEach((endpoint, share) -> claims.add(claim(endpoint, share, share)));
        var batch = new Batch(fleet, id, ++sequence, Duration.ofMillis(500), 0, sum, Batch.Kind.RESTATEMENT, claims);
        return engine.sync(batch).toCompletableFuture().get(1, TimeUnit.MINUTES).learning();
    }
}
