package io.genericpool.core.internal;

import io.genericpool.ConnectionFunction;
import io.genericpool.Lease;
import io.genericpool.PoolException;
import io.genericpool.core.internal.group.Member;
import io.genericpool.core.internal.group.MemberSet;
import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.event.GroupEvent;
import io.genericpool.group.GroupStats;
import io.genericpool.group.Routing;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The façade of a group: finds an idle connection without a lock where there is one, and asks the members otherwise. */
final class DefaultEndpointGroup<E, C> implements SweptGroup<E, C> {
    private final DefaultConnectionPool<E, C> pool;
    private final PoolParts<E, C> context;
    private final GroupAcquire<E, C> slow;
    private final GroupParts<E, C> parts;
    private final Routing<? super E> routing;
    private final Runnable remove;
    /** Changes of the members come one after the other; functions of the policy run under it. */
    private final ReentrantLock changing = new ReentrantLock();

    /** A close does not wait for those functions. */
    private final ReentrantLock publishing = new ReentrantLock();

    /** Null once it is closed. Written under that lock. */
    private volatile @Nullable MemberSet<E, C> set;

    DefaultEndpointGroup(
            DefaultConnectionPool<E, C> pool,
            PoolParts<E, C> context,
            GroupAcquire<E, C> slow,
            String name,
            Routing<? super E> routing,
            Collection<? extends E> members,
            Runnable remove) {
        this.pool = pool;
        this.context = context;
        this.slow = slow;
        this.parts = new GroupParts<>(context, name, routing);
        this.routing = routing;
        this.remove = remove;
        this.set = newSet(members, null);
    }

    private MemberSet<E, C> newSet(Collection<? extends E> members, @Nullable MemberSet<E, C> before) {
        MemberSet<E, C> made = MemberSet.of(
                context.registry,
                routing,
                new ArrayList<>(members), // once, since it may change meanwhile
                context.settings.labels::of,
                before);
        made.endpoints.forEach(context.joins::limitsOf); // throws where they are wrong
        return made;
    }

    private MemberSet<E, C> open() {
        MemberSet<E, C> current = set;
        if (current == null) {
            throw new IllegalStateException("group " + parts.name + " is closed");
        }
        return current;
    }

    @Override
    public String name() {
        return parts.name;
    }

    // ---- who should serve

    /** All members, ranked; in their declared order when the ranking fails. */
    private List<Member<E, C>> ranked(MemberSet<E, C> current, long seed) {
        try {
            return parts.ranking.rank(current, seed);
        } catch (RuntimeException e) {
            rankingFailed(current, e);
            return current.members;
        }
    }

    private void rankingFailed(MemberSet<E, C> current, RuntimeException failure) {
        parts.ranking.failures.increment();
        E first = current.members.get(0).endpoint;
        context.events.ofGroup(parts.name, GroupEvent.Kind.RANKING_FAILED, first, 0, failure);
    }

    private @Nullable SlotLease<E, C> tryLease(Member<E, C> member) {
        SlotLease<E, C> lease = member.tryLease();
        try {
            if (lease != null) {
                member.countOwnLease(lease.slot.index);
            }
            return lease;
        } catch (Error e) {
            pool.endLost(lease, e);
            throw e;
        }
    }

    /** Null also where a function of the user's ranks all at once. */
    private @Nullable SlotLease<E, C> tryLeaseOfFirst(MemberSet<E, C> current, long seed) {
        return parts.ranking.hasFirstChoice() ? tryLease(parts.ranking.first(current, seed)) : null;
    }

    /** Members of the first tier that were ranked, in order; those of others are asked where these cannot serve. */
    private @Nullable SlotLease<E, C> tryLeaseOfFirstTier(List<Member<E, C>> ranked) {
        int tier = ranked.get(0).tier;
        for (Member<E, C> member : ranked) {
            SlotLease<E, C> lease = member.tier == tier ? tryLease(member) : null;
            if (lease != null) {
                return lease;
            }
        }
        return null;
    }

    // ---- blocking

    @Override
    public Lease<E, C> connection() {
        return acquire(context.settings.acquireTimeout);
    }

    @Override
    public Lease<E, C> connection(Duration timeout) {
        return acquire(Nanos.ofTimeout(timeout));
    }

    private Lease<E, C> acquire(long timeout) {
        MemberSet<E, C> current = open();
        long seed;
        try {
            seed = parts.ranking.seed(current);
        } catch (RuntimeException e) {
            rankingFailed(current, e);
            return acquire(current.members, timeout);
        }
        SlotLease<E, C> lease = tryLeaseOfFirst(current, seed);
        return lease != null ? granted(lease, timeout) : acquire(ranked(current, seed), timeout);
    }

    private Lease<E, C> acquire(List<Member<E, C>> ranked, long timeout) {
        SlotLease<E, C> lease = tryLeaseOfFirstTier(ranked);
        return lease != null ? granted(lease, timeout) : slow.await(parts, ranked, timeout, false);
    }

    private Lease<E, C> granted(SlotLease<E, C> lease, long timeout) {
        try {
            return pool.granted(lease, timeout);
        } catch (Error e) {
            pool.endLost(lease, e);
            throw e;
        }
    }

    @Override
    public Lease<E, C> newConnection() {
        return slow.await(parts, rankedNow(), context.settings.acquireTimeout, true);
    }

    @Override
    public Lease<E, C> newConnection(Duration timeout) {
        return slow.await(parts, rankedNow(), Nanos.ofTimeout(timeout), true);
    }

    @Override
    public Optional<Lease<E, C>> tryConnection() {
        List<Member<E, C>> ranked = rankedNow();
        for (Member<E, C> member : ranked) {
            SlotLease<E, C> lease = tryLease(member);
            if (lease != null) {
                return Optional.of(granted(lease, 0));
            }
        }
        for (Member<E, C> member : ranked) {
            SlotLease<E, C> lease = pool.tryIdle(member.endpoint);
            if (lease != null) {
                return Optional.of(counted(member, lease));
            }
        }
        return Optional.empty();
    }

    private Lease<E, C> counted(Member<E, C> member, SlotLease<E, C> lease) {
        try {
            member.countLease(lease.slot.index);
            return pool.granted(lease, 0);
        } catch (Error e) {
            pool.endLost(lease, e);
            throw e;
        }
    }

    private List<Member<E, C>> rankedNow() {
        MemberSet<E, C> current = open();
        long seed;
        try {
            seed = parts.ranking.seed(current);
        } catch (RuntimeException e) {
            rankingFailed(current, e);
            return current.members;
        }
        return ranked(current, seed);
    }

    // ---- asynchronous

    @Override
    public CompletableFuture<Lease<E, C>> connectionAsync() {
        return acquireAsync(context.settings.acquireTimeout);
    }

    @Override
    public CompletableFuture<Lease<E, C>> connectionAsync(Duration timeout) {
        return acquireAsync(Nanos.ofTimeout(timeout));
    }

    private LeaseFuture<E, C> acquireAsync(long timeout) {
        MemberSet<E, C> current = open();
        long seed;
        try {
            seed = parts.ranking.seed(current);
        } catch (RuntimeException e) {
            rankingFailed(current, e);
            return acquireAsync(current.members, timeout);
        }
        SlotLease<E, C> idle = tryLeaseOfFirst(current, seed);
        return idle != null ? completed(idle, timeout) : acquireAsync(ranked(current, seed), timeout);
    }

    private LeaseFuture<E, C> acquireAsync(List<Member<E, C>> ranked, long timeout) {
        SlotLease<E, C> idle = tryLeaseOfFirstTier(ranked);
        return idle != null ? completed(idle, timeout) : enter(ranked, timeout, false);
    }

    private LeaseFuture<E, C> completed(SlotLease<E, C> idle, long timeout) {
        try {
            return pool.completed(idle, timeout);
        } catch (PoolException e) {
            return DefaultConnectionPool.failed(e);
        } catch (Error e) {
            pool.endLost(idle, e);
            throw e;
        }
    }

    private LeaseFuture<E, C> enter(List<Member<E, C>> ranked, long timeout, boolean isNewOnly) {
        try {
            return slow.enter(parts, ranked, timeout, isNewOnly);
        } catch (PoolException e) {
            return DefaultConnectionPool.failed(e);
        }
    }

    @Override
    public CompletableFuture<Lease<E, C>> newConnectionAsync() {
        return enter(rankedNow(), context.settings.acquireTimeout, true);
    }

    @Override
    public CompletableFuture<Lease<E, C>> newConnectionAsync(Duration timeout) {
        return enter(rankedNow(), Nanos.ofTimeout(timeout), true);
    }

    // ---- with a function

    @Override
    @SuppressWarnings("NullAway") // the bound of R is read as non-null from the class file of the interface
    public <R extends @Nullable Object, X extends Exception> R use(ConnectionFunction<? super C, ? extends R, X> work)
            throws X {
        Objects.requireNonNull(work, "work");
        Lease<E, C> lease = acquire(context.settings.acquireTimeout);
        try {
            return pool.apply(work, lease);
        } catch (Error e) {
            context.hooks.endLost((SlotLease<E, C>) lease, e);
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public <R extends @Nullable Object, X extends Exception> R use(
            Duration timeout, ConnectionFunction<? super C, ? extends R, X> work) throws X {
        Objects.requireNonNull(work, "work");
        Lease<E, C> lease = acquire(Nanos.ofTimeout(timeout));
        try {
            return pool.apply(work, lease);
        } catch (Error e) {
            context.hooks.endLost((SlotLease<E, C>) lease, e);
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            Function<? super C, ? extends CompletionStage<R>> work) {
        Objects.requireNonNull(work, "work");
        LeaseFuture<E, C> acquire = acquireAsync(context.settings.acquireTimeout);
        try {
            return new AsyncUse<E, C, R>(context, acquire, work).start();
        } catch (Throwable e) {
            acquire.giveUp();
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public <R extends @Nullable Object> CompletableFuture<R> useAsync(
            Duration timeout, Function<? super C, ? extends CompletionStage<R>> work) {
        Objects.requireNonNull(work, "work");
        LeaseFuture<E, C> acquire = acquireAsync(Nanos.ofTimeout(timeout));
        try {
            return new AsyncUse<E, C, R>(context, acquire, work).start();
        } catch (Throwable e) {
            acquire.giveUp();
            throw e;
        }
    }

    // ---- operation

    @Override
    public List<E> members() {
        return open().endpoints;
    }

    @Override
    public void members(Collection<? extends E> members) {
        Objects.requireNonNull(members, "members");
        changing.lock();
        try {
            publish(newSet(members, open()));
        } finally {
            changing.unlock();
        }
    }

    private void publish(MemberSet<E, C> made) {
        publishing.lock();
        try {
            open(); // throws where it was closed meanwhile
            set = made;
        } finally {
            publishing.unlock();
        }
    }

    @Override
    public GroupStats<E> stats() {
        var leases = new LinkedHashMap<E, Long>();
        var byLabel = new LinkedHashMap<String, Long>();
        MemberSet<E, C> current = set;
        if (current != null) {
            current.endpoints.forEach(endpoint -> leases.put(endpoint, 0L));
            current.members.forEach(member -> leases.put(member.endpoint, member.leases()));
            leases.forEach((endpoint, count) -> byLabel.merge(context.settings.labels.of(endpoint), count, Long::sum));
        }
        return new GroupStats<>(
                parts.name,
                leases,
                byLabel,
                parts.counts.spillOvers.sum(),
                parts.counts.hedges.sum(),
                parts.ranking.failures.sum());
    }

    @Override
    public void afterSweep() {
        MemberSet<E, C> current = set;
        if (current != null) {
            parts.balance.run(current);
        }
    }

    @Override
    public void close() {
        publishing.lock();
        try {
            if (set != null) {
                set = null;
                remove.run();
            }
        } finally {
            publishing.unlock();
        }
    }

    @Override
    public String toString() {
        MemberSet<E, C> current = set;
        return "EndpointGroup[" + parts.name + ", " + routing
                + (current == null ? ", closed]" : ", " + current.members.size() + " members]");
    }
}
