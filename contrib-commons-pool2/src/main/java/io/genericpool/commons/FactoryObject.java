package io.genericpool.commons;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.PoolUtils;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.jspecify.annotations.Nullable;

/**
 * An object of a factory with its wrapper, from {@code makeObject} to {@code destroyObject}, and the order in which
 * Commons Pool 2 promises to call the factory for it. An error of the factory refuses the object as an exception does,
 * except for those that Commons Pool 2 passes on at once ({@link PoolUtils#checkRethrow}).
 *
 * <p>The steps are called by the pool's hooks, never two at once and each seeing what the one before did. Plain fields
 * belong to them; the volatile ones are read by others.
 */
final class FactoryObject<V> {
    /** How often one who waits for an idle object's end looks whether it was lent instead. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private final PooledObjectFactory<V> factory;
    private final PooledObject<V> pooled;
    private final long number;
    private final CountDownLatch destroyed = new CountDownLatch(1);
    private volatile boolean isLent;
    private volatile @Nullable Throwable destroyFailure;
    private boolean hasServed;
    /** Leased for {@code addObject}, which neither activates nor counts as a borrow. */
    private boolean isBeingAdded;

    /** Who released it without success; it is never lent again. */
    private volatile @Nullable Thread refusedReturner;
    /** Why it may not be lent, though it is idle: what {@code passivateObject} threw in {@code addObject}. */
    private @Nullable Throwable unfit;

    private DestroyMode destroyMode = DestroyMode.NORMAL;

    /**
     * Wraps what a factory made.
     *
     * @param number counts the objects of a manager
     */
    FactoryObject(PooledObjectFactory<V> factory, PooledObject<V> pooled, long number) {
        this.factory = factory;
        this.pooled = pooled;
        this.number = number;
    }

    // ---- the pool's steps

    /** Leaves it as it was made, until {@link #endLease}. */
    void beginAdding() {
        isLent = true;
        isBeingAdded = true;
    }

    void beginLease(boolean isTested) throws Exception {
        isLent = true;
        if (unfit != null) {
            throw refused("passivateObject had failed when it was added", unfit);
        }
        pooled.allocate();
        try {
            factory.activateObject(pooled);
        } catch (Throwable e) {
            PoolUtils.checkRethrow(e);
            throw refused("activateObject failed", e);
        }
        if (isTested) {
            requireValid();
        }
    }

    void endLease(boolean isTested) throws Exception {
        if (isBeingAdded) {
            isBeingAdded = false;
            endAdding();
            return;
        }
        boolean isAccepted = false;
        try {
            pooled.markReturning();
            if (isTested) {
                requireValid();
            }
            factory.passivateObject(pooled);
            pooled.deallocate();
            hasServed = true;
            isLent = false;
            isAccepted = true;
        } finally {
            if (!isAccepted) {
                refusedReturner = Thread.currentThread();
            }
        }
    }

    /**
     * {@code addObject} reports a failure to its caller before the object is destroyed, so it stays, idle, until a caller
     * wants to have it, or it expires.
     */
    private void endAdding() {
        try {
            factory.passivateObject(pooled);
        } catch (Throwable e) {
            unfit = e;
        }
        isLent = false;
    }

    void requireValid() throws ObjectRefusedException {
        boolean isValid;
        try {
            isValid = factory.validateObject(pooled);
        } catch (Throwable e) {
            PoolUtils.checkRethrow(e);
            throw refused("validateObject failed", e);
        }
        if (!isValid) {
            throw refused("validateObject returned false", null);
        }
    }

    /** What the evictor of Commons Pool 2 does to test an idle object. */
    boolean isAlive() throws Exception {
        if (unfit != null) {
            return false;
        }
        pooled.startEvictionTest();
        factory.activateObject(pooled);
        if (!factory.validateObject(pooled)) {
            return false;
        }
        factory.passivateObject(pooled);
        pooled.endEvictionTest(new ArrayDeque<>(1));
        return true;
    }

    /** For those who await the destruction, no matter how it ends. */
    void destroy(boolean isUnderItsHolder) throws Exception {
        try {
            pooled.invalidate();
            factory.destroyObject(pooled, isUnderItsHolder ? DestroyMode.ABANDONED : destroyMode);
        } catch (Throwable e) {
            destroyFailure = e;
            throw e;
        } finally {
            destroyed.countDown();
        }
    }

    private ObjectRefusedException refused(String why, @Nullable Throwable cause) {
        return new ObjectRefusedException("the factory refused an object: " + why, cause, this);
    }

    // ---- for the views

    /** By the holder of the lease, before it ends. */
    void destroyMode(DestroyMode mode) {
        destroyMode = mode;
    }

    boolean isLent() {
        return isLent;
    }

    /**
     * For the caller that has just released the lease: whether it was not accepted, and is being destroyed. Others may have leased
     * and released it since, which must not be taken for this thread's release.
     */
    boolean isReturnRefused() {
        return refusedReturner == Thread.currentThread();
    }

    /** For the caller that has just released the lease of an {@code addObject}: what went wrong. */
    @Nullable
    Throwable addFailure() {
        return unfit;
    }

    /** For the caller that was refused it: whether its manager had made so many before, and no caller has had it. */
    boolean isNewSince(long count) {
        return number > count && !hasServed;
    }

    /**
     * Waits for {@code destroyObject} to end. An interrupt ends the waiting, and the flag is set again.
     *
     * @return what it threw; null when it threw nothing, or has not ended in time
     */
    @Nullable
    Throwable awaitDestroyed(Duration timeout) {
        await(timeout);
        return destroyFailure;
    }

    /** Waits until an idle object that was evicted is destroyed, or turns out to have been lent before. */
    void awaitEvicted(Duration timeout) {
        long start = System.nanoTime();
        Duration left = timeout;
        while (!isLent && left.compareTo(Duration.ZERO) > 0) {
            if (await(left.compareTo(LOOK) < 0 ? left : LOOK)
                    || Thread.currentThread().isInterrupted()) {
                return;
            }
            left = timeout.minusNanos(System.nanoTime() - start);
        }
    }

    private boolean await(Duration timeout) {
        try {
            return destroyed.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
