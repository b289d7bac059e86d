package io.genericpool.testkit;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A session of the engine under test that believes what it is told, as a keeper does. */
final class EngineSession {
    private static final long PATIENCE = 20;

    private final FleetEngine engine;
    private final String fleet;
    final String id;
    private final Duration lease;
    int cap;
    long capVersion;
    long sequence;
    /** What it was granted, by endpoint. */
    final Map<String, Integer> shares = new TreeMap<>();

    EngineSession(FleetEngine engine, String fleet, String id, Duration lease, int cap) {
        this.engine = engine;
        this.fleet = fleet;
        this.id = id;
        this.lease = lease;
        this.cap = cap;
    }

    int share(String endpoint) {
        return shares.getOrDefault(endpoint, 0);
    }

    /** Keeps what it has, wants so many in all, and takes what it gets. */
    Grant want(String endpoint, int wanted) {
        return tell(endpoint, share(endpoint), wanted, 0);
    }

    /** Says all numbers of an endpoint, and takes what it gets. */
    Grant tell(String endpoint, int share, int wanted, int nice) {
        return of(endpoint, send(changes(claim(endpoint, share, wanted, nice))));
    }

    /** Gives back down to a number, and wants no more. */
    Grant keep(String endpoint, int share) {
        return tell(endpoint, share, share, 0);
    }

    /** Changes nothing. */
    Reply beat() {
        return send(changes());
    }

    /** States all that it has, and wants no more. */
    Reply restate() {
        return send(restatement());
    }

    Reply leave() {
        Reply reply = send(batch(++sequence, Batch.Kind.LEAVE, 0, List.of()));
        shares.clear();
        return reply;
    }

    Claim claim(String endpoint, int share, int wanted, int nice) {
        return new Claim(endpoint, cap, share, wanted, nice);
    }

    /** A batch that has not been sent. */
    Batch changes(Claim... claims) {
        Map<String, Integer> kept = new TreeMap<>(shares);
        for (Claim claim : claims) {
            kept.put(claim.endpoint(), claim.share());
        }
        return batch(++sequence, Batch.Kind.CHANGES, sum(kept), List.of(claims));
    }

    Batch restatement() {
        List<Claim> claims = shares.entrySet().stream()
                .map(e -> claim(e.getKey(), e.getValue(), e.getValue(), 0))
                .toList();
        return batch(++sequence, Batch.Kind.RESTATEMENT, sum(shares), claims);
    }

    private Batch batch(long number, Batch.Kind kind, long sum, List<Claim> claims) {
        return new Batch(fleet, id, number, lease, capVersion, sum, kind, claims);
    }

    private static long sum(Map<String, Integer> shares) {
        return shares.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** Sends a batch and takes what it gets. */
    Reply send(Batch batch) {
        Reply reply = await(engine.sync(batch).toCompletableFuture());
        if (reply.applied()) {
            reply.grants().forEach(grant -> shares.put(grant.endpoint(), grant.share()));
        }
        return reply;
    }

    /** Sends a batch whose reply is lost. */
    void sendInVain(Batch batch) {
        await(engine.sync(batch).toCompletableFuture());
    }

    private static Reply await(CompletableFuture<Reply> future) {
        try {
            return future.get(PATIENCE, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the engine did not answer a call", e);
        }
    }

    static Grant of(String endpoint, Reply reply) {
        Grant grant = find(endpoint, reply);
        if (grant == null) {
            throw new AssertionError("no grant of '" + endpoint + "' in " + reply);
        }
        return grant;
    }

    static @Nullable Grant find(String endpoint, Reply reply) {
        return reply.grants().stream()
                .filter(grant -> grant.endpoint().equals(endpoint))
                .findFirst()
                .orElse(null);
    }
}
