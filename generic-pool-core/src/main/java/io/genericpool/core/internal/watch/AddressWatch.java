package io.genericpool.core.internal.watch;

import io.genericpool.core.internal.call.AddressCalls;
import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.core.internal.executor.TimedSteps;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.log.WarnLimit;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.net.InetAddress;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks the addresses of each endpoint up anew at an interval, and has an endpoint evicted when they have changed. An endpoint is
 * also looked at when its first connection is opened, because a change can only be told from what was known then.
 *
 * <p>Lookups may block for as long as name servers take. They run on the connect executor, few at a time, and never under a lock.
 * A timer only starts them. What is known of an endpoint has at most one lookup under way, so it needs no lock either.
 * One that was forgotten meanwhile, because its endpoint had left the pool, evicts nothing.
 *
 * <p>A lookup that does not return gives its place to another one, and its endpoint waits for it. Only so many do that: the
 * threads that hang are as few as the places of all.
 */
public final class AddressWatch<E> {
    private static final SafeLog LOG = SafeLog.of(AddressWatch.class);
    /** Lookups that hang leave the executor to connection attempts. */
    private static final int MOST_LOOKUPS = 4;
    /** So many of those that hang leave their place to others. */
    private static final int MOST_STUCK = 12;

    private static final int LONGEST_LIST = 400;

    private static final long WARN_EVERY = 1_000_000_000L;

    /** What is watched. */
    public interface Endpoints<E> {
        Set<E> present();

        boolean isPresent(E endpoint);

        void evict(E endpoint);
    }

    /** What is known of one endpoint. */
    private static final class Watched<E> {
        final E endpoint;
        /** It waits for a lookup, or has one under way. */
        final AtomicBoolean isDue = new AtomicBoolean();
        /** Written by the lookup that is under way. */
        volatile @Nullable Set<InetAddress> addresses;

        volatile boolean isFailing;
        /** Its lookup hangs, and has not left its place. */
        volatile boolean keepsPlace;

        Watched(E endpoint) {
            this.endpoint = endpoint;
        }
    }

    private final PoolSettings<E> settings;
    private final AddressCalls<E, ?> calls;
    private final Endpoints<E> endpoints;
    private final TimedSteps timers;
    private final Map<E, Watched<E>> watched = new ConcurrentHashMap<>();
    private final Queue<Watched<E>> due = new ConcurrentLinkedQueue<>();
    private final Semaphore lookups = new Semaphore(MOST_LOOKUPS);
    private final Semaphore stuck = new Semaphore(MOST_STUCK);
    private final WarnLimit warnings;
    private volatile boolean isStopped;
    private volatile PoolClock.@Nullable Timer timer;

    /** Makes one that does not look yet. */
    public AddressWatch(
            PoolSettings<E> settings,
            AddressCalls<E, ?> calls,
            Endpoints<E> endpoints,
            TimedSteps timers,
            PoolClock clock) {
        this.settings = settings;
        this.calls = calls;
        this.endpoints = endpoints;
        this.timers = timers;
        this.warnings = new WarnLimit(clock, WARN_EVERY);
    }

    /**
     * Sets the first timer.
     *
     * @throws RuntimeException or an error when the clock refuses
     */
    public void start() {
        timer = timers.schedule(this::round, settings.addressWatch);
    }

    /** A connection is about to be opened: from now on a change of the endpoint's addresses matters. */
    public void opening(E endpoint) {
        try {
            if (!isStopped && !watched.containsKey(endpoint)) {
                look(endpoint);
                startLookups();
            }
        } catch (Throwable e) { // the connection attempt must go on; the next round finds the endpoint
            LOG.debug("pool {}: an endpoint is not watched yet", settings.name(), e);
        }
    }

    private void round() {
        if (isStopped) {
            return;
        }
        PoolClock.Timer next = timers.scheduleSurely(this::round, settings.addressWatch);
        timer = next;
        if (isStopped) { // by another thread, which has cancelled the last one
            next.cancel();
            return;
        }
        // Not by a copy of those present: one that joins meanwhile would lose what it was found at.
        watched.keySet().removeIf(endpoint -> !endpoints.isPresent(endpoint));
        endpoints.present().forEach(this::look);
        startLookups();
    }

    private void look(E endpoint) {
        Watched<E> one = watched.computeIfAbsent(endpoint, Watched::new);
        if (one.isDue.compareAndSet(false, true)) {
            due.add(one);
        }
    }

    private void startLookups() {
        var actions = new Actions();
        startLookups(actions);
        actions.run();
    }

    /** One that ends on this very thread is followed by the next one in the actions: any number may, on one stack level. */
    private void startLookups(Actions actions) {
        while (!due.isEmpty() && lookups.tryAcquire()) {
            Watched<E> one = due.poll();
            if (one == null) {
                lookups.release();
            } else {
                var lookup = new Lookup(one);
                calls.lookUp(one.endpoint, lookup, lookup::goOn, actions);
                if (lookup.wasRefused) {
                    return;
                }
            }
        }
    }

    /** One lookup of one endpoint. */
    private final class Lookup implements AddressCalls.Outcome {
        private final Watched<E> one;
        /** Written on the thread that starts it, and read there. */
        private boolean wasRefused;

        Lookup(Watched<E> one) {
            this.one = one;
        }

        @Override
        public void found(Set<InetAddress> addresses) {
            try {
                if (!isStopped) {
                    compare(one, addresses);
                }
            } catch (Throwable e) { // the eviction, or a label: the next round tries again
                LOG.debug("pool {}: an endpoint failed to be watched", settings.name(), e);
            } finally {
                one.isDue.set(false);
                lookups.release();
            }
        }

        @Override
        public void failed(Throwable why) {
            try {
                AddressWatch.this.failed(one, why);
            } finally {
                one.isDue.set(false);
                lookups.release();
            }
        }

        @Override
        public void refused(Throwable why) {
            wasRefused = true;
            due.add(one); // it stays due, and the next round tries again
            lookups.release();
            LOG.debug("pool {}: the connect executor rejected a lookup of addresses", settings.name(), why);
        }

        @Override
        public void abandoned(TimeoutException why) {
            try {
                AddressWatch.this.failed(one, why);
            } finally {
                one.keepsPlace = !stuck.tryAcquire();
                if (!one.keepsPlace) {
                    lookups.release();
                }
            }
        }

        @Override
        public void returned() {
            one.isDue.set(false);
            if (one.keepsPlace) {
                lookups.release();
            } else {
                stuck.release();
            }
        }

        void goOn(Actions more) {
            if (!wasRefused) {
                startLookups(more);
            }
        }
    }

    private void compare(Watched<E> one, Set<InetAddress> found) {
        one.isFailing = false;
        Set<InetAddress> before = one.addresses;
        if (found.isEmpty() || found.equals(before)) {
            return;
        }
        if (before != null && watched.get(one.endpoint) == one) { // else its connections are younger
            endpoints.evict(one.endpoint);
            LOG.info(
                    "pool {}: the addresses of {} have changed from {} to {}; its connections are evicted",
                    settings.name(),
                    settings.labels.of(one.endpoint),
                    text(before),
                    text(found));
        }
        one.addresses = found; // last: what has thrown is done again in the next round
    }

    private void failed(Watched<E> one, Throwable e) {
        if (one.isFailing || isStopped) {
            return; // one line for an outage of the name servers, not one per round
        }
        one.isFailing = true;
        if (warnings.allows()) {
            LOG.warn(
                    "pool {}: the addresses of {} could not be looked up; its connections stay, and the next attempt is in {}: {}{}",
                    settings.name(),
                    settings.labels.of(one.endpoint),
                    Nanos.text(settings.addressWatch),
                    SafeText.message(e),
                    warnings.suppressed());
        }
    }

    private static String text(Set<InetAddress> addresses) {
        return SafeText.of(
                addresses.stream()
                        .map(InetAddress::getHostAddress)
                        .sorted()
                        .collect(Collectors.joining(", ", "[", "]")),
                LONGEST_LIST);
    }

    /** The pool closes. A lookup that is under way ends without an effect. */
    public void stop() {
        isStopped = true;
        PoolClock.Timer last = timer;
        if (last != null) {
            last.cancel();
        }
        due.clear();
        watched.clear();
        calls.stop();
    }
}
