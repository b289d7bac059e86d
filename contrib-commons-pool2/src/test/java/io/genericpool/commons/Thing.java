package io.genericpool.commons;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An object that is equal to every other one, and knows when it is in two hands. */
final class Thing {
    final int id;
    private final AtomicInteger holders = new AtomicInteger();
    private volatile boolean isActive;
    private volatile boolean isDestroyed;

    Thing(int id) {
        this.id = id;
    }

    void activate() {
        isActive = true;
    }

    void passivate() {
        isActive = false;
    }

    void destroy() {
        isDestroyed = true;
    }

    boolean isActive() {
        return isActive;
    }

    boolean isDestroyed() {
        return isDestroyed;
    }

    /** By a holder: fails when he is not the only one, or the object is not ready. */
    void hold() {
        if (holders.incrementAndGet() != 1) {
            throw new AssertionError(this + " is in two hands");
        }
        if (isDestroyed || !isActive) {
            throw new AssertionError(this + " was lent " + (isDestroyed ? "destroyed" : "passive"));
        }
    }

    void letGo() {
        holders.decrementAndGet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Thing;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "thing " + id;
    }
}
