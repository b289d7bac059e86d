package io.genericpool.console.internal.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Samples the pools once per second and gives the same frame to all readers. Without a reader it does nothing. Its thread
 * alone touches the pools' rows; everything else may be called by any thread.
 */
public final class Feed {
    private static final System.Logger LOG = System.getLogger(Feed.class.getName());

    /** More readers are refused, unless one of those that are there has gone silent. */
    public static final int MOST_SUBSCRIBERS = 32;

    static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    /** A page tells every few seconds that it reads; without that, its place may go to a newcomer. */
    static final long SILENT_AFTER = TimeUnit.SECONDS.toNanos(20);

    static final long NEVER_SEEN_AFTER = TimeUnit.SECONDS.toNanos(2);

    private final List<PoolFeed<?>> pools;
    private final FeedClock clock;
    private final ConcurrentMap<String, Subscriber> subscribers = new ConcurrentHashMap<>();
    private final ReentrantLock joining = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean wakeUp;
    private volatile boolean closed;

    // Of the sampling thread.
    private long nextAt;
    private long samples;

    public Feed(Collection<PoolFeed<?>> pools, FeedClock clock) {
        this.pools = List.copyOf(pools);
        this.clock = clock;
        this.nextAt = clock.nanos();
    }

    public List<PoolFeed<?>> pools() {
        return pools;
    }

    /** Adds a reader; null when there is no place for it. */
    public @Nullable Subscriber join(String id) {
        joining.lock();
        try {
            long now = clock.nanos();
            if (subscribers.size() >= MOST_SUBSCRIBERS) {
                Optional<Subscriber> silent = subscribers.values().stream()
                        .filter(subscriber -> subscriber.isSilent(now))
                        .min(Comparator.comparingLong(Subscriber::joinedAt));
                if (silent.isEmpty()) {
                    return null;
                }
                silent.get().close();
            }
            var subscriber = new Subscriber(id, this, now);
            subscribers.put(id, subscriber);
            if (closed) {
                subscriber.close();
                return null;
            }
            wake();
            return subscriber;
        } finally {
            joining.unlock();
        }
    }

    void leave(Subscriber subscriber) {
        subscribers.remove(subscriber.id, subscriber);
    }

    public void seen(String id) {
        Subscriber subscriber = subscribers.get(id);
        if (subscriber != null) {
            subscriber.seen(clock.nanos());
        }
    }

    int size() {
        return subscribers.size();
    }

    void wake() {
        lock.lock();
        try {
            wakeUp = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The sampling thread's work, until the feed is closed. */
    public void run() {
        while (!closed) {
            try {
                try {
                    step();
                } catch (RuntimeException | Error e) { // a frame too large for the memory that is left, for one
                    LOG.log(System.Logger.Level.DEBUG, "the console left out a frame; it tries again in a second", e);
                }
                await();
            } catch (InterruptedException e) {
                return; // nothing interrupts it but the console's end
            }
        }
    }

    /** Samples if that is due and a reader is there, then gives full frames to those that want one. */
    void step() {
        if (subscribers.isEmpty()) {
            return;
        }
        long now = clock.nanos();
        if (now - nextAt >= 0) {
            nextAt = now + PERIOD; // even if what follows fails
            pools.forEach(PoolFeed::sample);
            nextAt = clock.nanos() + PERIOD; // from the end: the snapshots of now are old enough to be renewed by then
            samples++;
            byte[] delta = Frames.delta(clock.millis(), pools);
            subscribers.values().forEach(subscriber -> subscriber.offerDelta(delta));
        }
        var wanting = new ArrayList<Subscriber>();
        for (Subscriber subscriber : subscribers.values()) {
            if (subscriber.wantsFull()) {
                wanting.add(subscriber);
            }
        }
        if (!wanting.isEmpty()) {
            byte[] full = Frames.full(clock.millis(), pools);
            wanting.forEach(subscriber -> subscriber.offerFull(full));
        }
    }

    private void await() throws InterruptedException {
        lock.lock();
        try {
            while (!wakeUp && !closed) {
                if (subscribers.isEmpty()) {
                    woken.await();
                } else {
                    long left = nextAt - clock.nanos();
                    if (left <= 0) {
                        return;
                    }
                    woken.awaitNanos(left);
                }
            }
            wakeUp = false;
        } finally {
            lock.unlock();
        }
    }

    /** How often the pools were sampled. */
    long samples() {
        return samples;
    }

    /** Ends the readers and the sampling thread's work. */
    public void close() {
        closed = true;
        wake();
        subscribers.values().forEach(Subscriber::close);
    }
}
