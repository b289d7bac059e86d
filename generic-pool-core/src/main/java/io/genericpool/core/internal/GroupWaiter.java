package io.genericpool.core.internal;

/** The thread or the future that waits for a request of a group. */
interface GroupWaiter<E, C> {
    /** Before it enters. */
    void belongTo(GroupRequest<E, C> group);
}
