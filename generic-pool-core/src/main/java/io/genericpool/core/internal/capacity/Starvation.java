package io.genericpool.core.internal.capacity;

/**
 * What an endpoint wants of the total capacity, or was granted and has not taken up; made when it first wants something,
 * dropped when neither is left. Written under the lock of {@link TotalCapacity}; the volatile ones are read without.
 */
public final class Starvation {
    public volatile int wanted;
    public volatile int grants;
    /** Since when it wants. */
    public long since;

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under that lock only
    public void grantOne(long now) {
        grants = grants + 1;
        wanted = wanted - 1;
        since = now;
    }
}
