package io.genericpool.spi;

/** The duration of one lease, as seen by the manager's view of the connection. */
public interface LeaseScope {
    /**
     * Tells whether the lease is still held.
     *
     * @return false from the beginning of the release
     */
    boolean isActive();

    /**
     * Registers an action for the end of the lease, such as waking threads that wait in the view. Called at most once
     * per lease, from {@code lend}. The action runs once, at the beginning of the release, before {@code onRelease}. It
     * runs on the releasing thread, or on a thread of the pool when closing the pool revokes the lease.
     *
     * @param action the action; must not wait; an exception from it counts as a failed hook
     * @throws IllegalStateException when called a second time
     */
    void onEnd(Runnable action);
}
