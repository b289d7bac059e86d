package io.genericpool.fleet.internal.keeper;

import io.genericpool.PoolConfig;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Share;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.FakePoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One keeper between a pool and an engine that do only what the test says, on a clock that the test moves. */
final class KeeperWorld implements FleetEngine, SharedLimits.Holder<String> {
    static final String A = "a";
    static final String KEY = "e:a";

    final FakePoolClock clock = new FakePoolClock(Long.MIN_VALUE / 2);
    final List<Batch> batches = new ArrayList<>();
    final List<CompletableFuture<Reply>> replies = new ArrayList<>();
    final List<Share> shares = new ArrayList<>();
    final List<Boolean> reachable = new ArrayList<>();
    final List<@Nullable Throwable> reasons = new ArrayList<>();
    /** Whether the pool answers each share at once. */
    boolean takesShares = true;
    /** The connections of the pool at its endpoint, which are never idle. */
    int held;

    int wanted;
    int cap = 10;
    long capVersion;
    int fallback = KeeperSettings.KEEP;

    /** How much later it is than the timers have run: the process was stopped, and its timers are still to fall due. */
    private long stopped;
    /** How many timers the clock refuses next. */
    int refusals;
    /** Runs when a timer is set, and when a label is asked for. */
    Runnable onUserCode = () -> {};

    @Nullable
    HintListener hints;

    @Nullable
    ShareKeeper<String> keeper;

    ShareKeeper<String> start() {
        var settings = new KeeperSettings<String>(
                this,
                "fleet",
                endpoint -> cap,
                PoolConfig.UNLIMITED,
                endpoint -> endpoint,
                seconds(15),
                0,
                seconds(5),
                20_000_000,
                fallback,
                capVersion,
                new Stopping());
        var made = new ShareKeeper<>(settings, this, "session");
        keeper = made;
        made.start();
        return made;
    }

    static long seconds(double seconds) {
        return (long) (seconds * 1e9);
    }

    void advance(double seconds) {
        clock.advance(Duration.ofNanos(seconds(seconds)));
    }

    /** The process is stopped: time goes on, and no timer has run when the test goes on. */
    void stop(double seconds) {
        stopped += seconds(seconds);
    }

    /** The keeper's clock. */
    private final class Stopping implements PoolClock {
        @Override
        public long nanoTime() {
            return clock.nanoTime() + stopped;
        }

        @Override
        public Timer schedule(Runnable task, long delayNanos) {
            onUserCode.run();
            if (refusals > 0) {
                refusals--;
                throw new RejectedExecutionException("the clock refuses");
            }
            return clock.schedule(task, delayNanos);
        }

        @Override
        public void park(Object blocker, long nanos) {
            clock.park(blocker, nanos);
        }

        @Override
        public boolean isManual() {
            return true;
        }
    }

    /** A demand of the pool, which has taken the last share. */
    void demand(int wantedNow) {
        wanted = wantedNow;
        Share last = shares.isEmpty() ? null : shares.get(shares.size() - 1);
        tell(last == null ? 0 : last.version(), last == null ? 0 : last.connections());
    }

    void tell(long version, int share) {
        keeper().demand(A, new Demand(version, share, held, wanted, Math.max(0, held - wanted)));
    }

    ShareKeeper<String> keeper() {
        return Objects.requireNonNull(keeper);
    }

    Batch last() {
        return batches.get(batches.size() - 1);
    }

    int share() {
        return shares.get(shares.size() - 1).connections();
    }

    /** Answers the last call: the session is granted so many. */
    void reply(int granted) {
        reply(last(), granted);
    }

    void reply(Batch batch, int granted) {
        replyWith(batch, new Grant(KEY, granted, Grant.NO_TARGET, 0, cap, capVersion));
    }

    void replyWith(Batch batch, Grant... grants) {
        replies.get(batches.indexOf(batch))
                .complete(new Reply(batch.sequence(), true, false, false, false, List.of(grants)));
    }

    /** Answers the last call while the ledger learns. */
    void replyLearning(boolean restate, Grant... grants) {
        replies.get(replies.size() - 1)
                .complete(new Reply(last().sequence(), true, false, restate, true, List.of(grants)));
    }

    void fail() {
        fail("the engine is away");
    }

    void fail(String message) {
        replies.get(replies.size() - 1).completeExceptionally(new IllegalStateException(message));
    }

    // ---- the engine

    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        batches.add(batch);
        var reply = new CompletableFuture<Reply>();
        replies.add(reply);
        return reply;
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        hints = listener;
        return () -> hints = null;
    }

    @Override
    public void close() {}

    // ---- the pool

    @Override
    public String name() {
        return "pool";
    }

    @Override
    public PoolClock clock() {
        return clock;
    }

    @Override
    public String label(String endpoint) {
        onUserCode.run();
        return endpoint;
    }

    @Override
    public void share(@Nullable String endpoint, Share share) {
        shares.add(share);
        if (takesShares) {
            int least = share.giving() == SharedLimits.Giving.ALL ? 0 : held;
            tell(share.version(), Math.max(least, share.connections()));
        }
    }

    @Override
    public void reachable(boolean is, @Nullable Throwable why) {
        reachable.add(is);
        reasons.add(why);
    }
}
