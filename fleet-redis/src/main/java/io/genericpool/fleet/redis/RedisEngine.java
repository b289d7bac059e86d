package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import io.genericpool.support.PoolThreads;
import io.genericpool.support.SerialCalls;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import redis.clients.jedis.UnifiedJedis;

/**
 * Keeps the ledger in Redis or Valkey. One call is one Lua script, with the server's clock. All keys of a fleet have one
 * hash tag, so it works on a cluster too.
 *
 * <p>A thread of its own makes the calls, one at a time; it is a daemon and ends when idle. Hints come through a second
 * connection, which a second daemon reads. They begin with the first {@link #subscribe} and are resumed after a failure.
 *
 * <p>After a restart or a failover, the ledger learns for one lease, whether the server has lost something or not: what it
 * granted last may be missing in the copy. This needs the command {@code INFO server}. A user without the right to it
 * notices only outages of more than half a lease.
 *
 * <p>Thread-safe.
 */
public final class RedisEngine implements FleetEngine {
    private final UnifiedJedis redis;
    private final boolean isOwner;
    private final long timeout;
    private final LedgerScript script;
    private final HintReader hints;
    private final SerialCalls calls;

    RedisEngine(UnifiedJedis redis, boolean isOwner, LedgerScript script, long timeout, int mostCalls) {
        this.redis = redis;
        this.isOwner = isOwner;
        this.timeout = timeout;
        this.script = script;
        this.hints = new HintReader(redis, script, PoolThreads.named("fleet-redis-hints"));
        this.calls = new SerialCalls("fleet-redis-calls", timeout, mostCalls);
    }

    /**
     * Returns a builder of an engine with connections of its own: one for calls and one for hints.
     *
     * @param server such as {@code redis://user:password@host:6379/0}, or {@code rediss://} with TLS
     * @return the builder
     * @throws IllegalArgumentException if the scheme is neither {@code redis} nor {@code rediss}, or the host is missing
     */
    public static RedisEngineBuilder builder(URI server) {
        return new RedisEngineBuilder(Objects.requireNonNull(server, "server"));
    }

    /**
     * Returns a builder of an engine that uses a client of the caller's, such as one for a cluster or for Sentinel. The
     * client must be able to have two connections at once, because hints hold one of them. {@link #close} does not
     * close it. The client's timeouts bound each call, in addition to those of the engine. Its
     * {@code blockingSocketTimeoutMillis} is how soon a connection for hints is replaced that has died without a sign; it
     * should be some heartbeats long.
     *
     * @param client the client; thread-safe
     * @return the builder
     */
    public static RedisEngineBuilder builder(UnifiedJedis client) {
        return new RedisEngineBuilder(Objects.requireNonNull(client, "client"));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A batch that Redis cannot hold fails with an {@link IllegalArgumentException}: numbers of more than 53 bits, a
     * lease of more than 1,000 days, or more than 100,000 claims.
     */
    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        Objects.requireNonNull(batch, "batch");
        List<byte[]> arguments;
        try {
            arguments = BatchCodec.encode(batch);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        return calls.call(() -> {
            Object answer = script.call(batch.fleet(), arguments);
            hints.askForSign();
            return BatchCodec.decode(batch, answer);
        });
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        return hints.add(fleet, session, Objects.requireNonNull(listener, "listener"));
    }

    /** {@inheritDoc} A client that the caller gave stays open. */
    @Override
    public void close() {
        calls.close();
        hints.close();
        if (isOwner) {
            redis.close();
        }
    }

    @Override
    public String toString() {
        return "ledger in Redis at '" + script.prefix() + "', timeout " + Nanos.text(Nanos.toDuration(timeout));
    }
}
