package io.genericpool.core.internal.share;

import io.genericpool.core.internal.capacity.Reachability;
import io.genericpool.core.internal.capacity.TotalCapacity;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.endpoint.AdminStep;
import io.genericpool.core.internal.endpoint.EndpointContext;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.log.WarnLimit;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Session;
import io.genericpool.spi.SharedLimits.Share;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a pool meets the limits that it shares. Downwards it is a {@link SharedLimits.Holder}: a share becomes a step under
 * the endpoint's lock, taken on a thread of the pool, in the order in which they came. Upwards it tells the session what an
 * endpoint holds and wants, each time from what holds at that moment, so the last word is the latest one (I62).
 */
public final class SharedRoom<E, C> implements SharedLimits.Holder<E> {
    private static final SafeLog LOG = SafeLog.of(SharedRoom.class);
    private static final long WARN_EVERY = 10_000_000_000L;

    private final PoolSettings<E> settings;
    private final PoolClock clock;
    private final EndpointRegistry<E, C> registry;
    private final AdminStep<E, C> admin;
    private final TotalCapacity<E, C> capacity;
    private final Reachability reachability;
    private final WarnLimit warnings;

    private final ConcurrentHashMap<E, Line> lines = new ConcurrentHashMap<>();
    private final Telling totalTelling = new Telling(this::tellTotal);

    private final ConcurrentLinkedQueue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final Telling taking;
    private final Runnable handOn;

    private volatile @Nullable Session<E> session;
    /** All endpoints are closed: from here on the pool as a whole keeps to no share (I61). */
    private volatile boolean isClosed;
    /** Whether the pool as a whole has a share. */
    private volatile boolean isTotalShared;

    /** What is known of an endpoint beyond its presence in the pool. */
    private final class Line {
        final Telling telling;
        /** The version of the last share that a pool of this endpoint took, or that found none. */
        final AtomicLong version = new AtomicLong();

        Line(E endpoint) {
            telling = new Telling(() -> tellNow(endpoint, this));
        }
    }

    public SharedRoom(EndpointContext<E, C> context, EndpointRegistry<E, C> registry, AdminStep<E, C> admin) {
        this.settings = context.settings;
        this.clock = context.clock;
        this.registry = registry;
        this.admin = admin;
        this.capacity = context.capacity;
        this.reachability = context.reachability;
        this.warnings = new WarnLimit(clock, WARN_EVERY);
        this.taking = new Telling(this::takeNews);
        this.handOn = context.timers.handingOn(taking::run);
    }

    /** Opens the session, if limits are shared. */
    public void open() {
        SharedLimits<? super E> limits = settings.sharedLimits;
        if (limits != null) {
            session = opened(limits);
            totalTelling.run();
        }
    }

    @SuppressWarnings("unchecked") // a session of a wider type takes each endpoint of this one, and gives back the same
    private Session<E> opened(SharedLimits<? super E> limits) {
        return Objects.requireNonNull(((SharedLimits<E>) limits).open(this), "sharedLimits.open returned null");
    }

    /** The pool is closed. @return what ends when its shares are given back */
    public CompletableFuture<?> close(Duration timeout) {
        isClosed = true;
        Session<E> present = session;
        if (present == null) {
            return CompletableFuture.completedFuture(this);
        }
        var ended = new CompletableFuture<Object>();
        registry.all().forEach(this::changed);
        totalTelling.run();
        try {
            // Its stage may be of any kind: only what each of them can do is asked of it.
            CompletionStage<?> stage = Objects.requireNonNull(present.close(timeout), "close returned null");
            CompletionStage<?> unused = stage.whenComplete((result, failure) -> ended.complete(this));
        } catch (Throwable e) {
            LOG.error("pool {}: its session of shared limits failed to close", settings.name(), e);
            ended.complete(this);
        }
        return ended;
    }

    // ---- what the session tells

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public PoolClock clock() {
        return clock;
    }

    @Override
    public String label(E endpoint) {
        return settings.labels.of(endpoint);
    }

    @Override
    public void share(@Nullable E endpoint, Share share) {
        // On a thread of the pool: what follows from it may be a caller's executor that runs connects in place.
        news.add(() -> take(endpoint, share));
        handOn.run();
    }

    private void takeNews() {
        for (Runnable next = news.poll(); next != null; next = news.poll()) {
            try {
                next.run();
            } catch (Throwable e) {
                LOG.error("pool {}: a share was not taken; please report this", settings.name(), e);
            }
        }
    }

    private void take(@Nullable E endpoint, Share share) {
        if (endpoint == null) {
            isTotalShared = true;
            var actions = new Actions();
            capacity.share(share, actions);
            actions.run();
            totalTelling.run();
            return;
        }
        EndpointPool<E, C> pool = registry.find(endpoint);
        if (pool == null || !admin.share(pool, share)) {
            tell(endpoint, share.version());
        }
    }

    @Override
    public void reachable(boolean is, @Nullable Throwable why) {
        reachability.set(is, why);
    }

    // ---- what the session is told

    /** An endpoint's numbers have changed. */
    public void changed(EndpointPool<E, C> pool) {
        if (!pool.has(EndpointPool.REMOVED)) { // else left comes too
            tell(pool.endpoint, 0);
        }
        if (isTotalShared) {
            totalTelling.run();
        }
    }

    /** An endpoint has left the pool. */
    public void left(EndpointPool<E, C> pool) {
        if (pool.share != null) {
            tell(pool.endpoint, pool.share.version());
        }
    }

    private Line line(E endpoint) {
        return lines.computeIfAbsent(endpoint, Line::new);
    }

    /** Tells what holds; where the pool does not have the endpoint, with this version or one that is known above it. */
    private void tell(E endpoint, long version) {
        if (session == null) {
            return;
        }
        Line line = line(endpoint);
        line.version.accumulateAndGet(version, Math::max);
        while (!line.telling.run()) {
            lines.remove(endpoint, line);
            line = line(endpoint); // the version comes along: else it would be told of a line that is over
            line.version.accumulateAndGet(version, Math::max);
        }
    }

    private void tellNow(E endpoint, Line line) {
        Session<E> told = session;
        EndpointPool<E, C> pool = registry.find(endpoint);
        if (told == null) {
            return;
        }
        Demand demand = pool == null ? null : demand(pool);
        try {
            if (demand != null) {
                told.demand(endpoint, demand);
            } else {
                told.gone(endpoint, line.version.get());
            }
        } catch (Throwable e) {
            if (pool != null && demand != null) {
                toldInVain(pool);
            }
            if (warnings.allows()) {
                LOG.warn(
                        "pool {}: shared limits took no demand for {}, so it has no share there{}",
                        settings.name(),
                        settings.labels.of(endpoint),
                        warnings.suppressed(),
                        e);
            }
        } finally {
            if (demand == null) {
                forget(endpoint, line);
            }
        }
    }

    /** The next sweep tells it again. */
    private void toldInVain(EndpointPool<E, C> pool) {
        pool.lock();
        try {
            if (pool.share != null) {
                pool.share.toldInVain();
            }
        } finally {
            pool.unlock();
        }
    }

    private void forget(E endpoint, Line line) {
        if (line.telling.tryEnd()) {
            lines.remove(endpoint, line);
        }
    }

    private @Nullable Demand demand(EndpointPool<E, C> pool) {
        pool.lock();
        try {
            return pool.share == null || pool.has(EndpointPool.REMOVED) ? null : pool.share.toTell();
        } finally {
            pool.unlock();
        }
    }

    private void tellTotal() {
        Session<E> told = session;
        if (told != null && isTotalShared) {
            try {
                told.demand(null, capacity.demand(isClosed));
            } catch (Throwable e) {
                LOG.error("pool {}: shared limits took no demand for the pool as a whole", settings.name(), e);
            }
        }
    }
}
