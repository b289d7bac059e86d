package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import io.genericpool.support.PoolThreads;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    private static final long IDLE_SECONDS = 60;

    private final UnifiedJedis redis;
    private final boolean isOwner;
    private final long timeout;
    private final int mostCalls;
    private final LedgerScript script;
    private final HintReader hints;
    private final ThreadPoolExecutor caller;
    private final Set<CompletableFuture<Reply>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    RedisEngine(UnifiedJedis redis, boolean isOwner, LedgerScript script, long timeout, int mostCalls) {
        this.redis = redis;
        this.isOwner = isOwner;
        this.timeout = timeout;
        this.mostCalls = mostCalls;
        this.script = script;
        this.hints = new HintReader(redis, script, PoolThreads.named("fleet-redis-hints"));
        this.caller = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(mostCalls),
                PoolThreads.named("fleet-redis-calls"));
        caller.allowCoreThreadTimeOut(true);
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
     * close it. The client's timeouts bound each call, in addition to those of the engine.
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
        var reply = new CompletableFuture<Reply>();
        List<byte[]> arguments;
        try {
            arguments = BatchCodec.encode(batch);
        } catch (IllegalArgumentException e) {
            reply.completeExceptionally(e);
            return reply;
        }
        pending.add(reply);
        try {
            caller.execute(() -> call(batch, arguments, reply));
        } catch (RejectedExecutionException e) {
            reply.completeExceptionally(
                    closed ? closed() : new IOException("more than " + mostCalls + " calls of Redis wait", e));
        }
        if (closed) {
            reply.completeExceptionally(closed());
        }
        CompletableFuture<Reply> bounded = reply.orTimeout(timeout, TimeUnit.NANOSECONDS);
        CompletionStage<?> unused = bounded.whenComplete((answer, failure) -> pending.remove(reply));
        return bounded;
    }

    private void call(Batch batch, List<byte[]> arguments, CompletableFuture<Reply> reply) {
        if (reply.isDone()) {
            return; // it came too late: the caller goes on with a later batch
        }
        try {
            reply.complete(BatchCodec.decode(batch, script.call(batch.fleet(), arguments)));
        } catch (Throwable e) {
            reply.completeExceptionally(e);
        }
    }

    private static IOException closed() {
        return new IOException("the engine is closed");
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        return hints.add(fleet, session, Objects.requireNonNull(listener, "listener"));
    }

    /** {@inheritDoc} A client that the caller gave stays open. */
    @Override
    public void close() {
        closed = true;
        caller.shutdownNow();
        hints.close();
        pending.forEach(reply -> reply.completeExceptionally(closed()));
        if (isOwner) {
            redis.close();
        }
    }

    @Override
    public String toString() {
        return "ledger in Redis at '" + script.prefix() + "', timeout " + Nanos.text(Nanos.toDuration(timeout));
    }
}
