package io.genericpool.spi;

/** The time of one lease, as seen by the view that a manager lends for it. */
public interface LeaseScope {
    /**
     * Whether the lease is still held.
     *
     * @return false from the beginning of its release on
     */
    boolean isActive();

    /**
     * Registers what must happen when the lease ends, such as waking those who wait in the view. Called at most once a
     * lease, from {@code lend}. The action runs once, at the beginning of the release, before {@code onRelease}, on the
     * releasing thread (or on a thread of the pool when the lease is revoked by a close).
     *
     * @param action what to do; must not wait; what it throws counts as a failed hook
     * @throws IllegalStateException when called a second time
     */
    void onEnd(Runnable action);
}
