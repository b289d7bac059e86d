package io.genericpool.core.internal.group;

/** What a group remembers of an endpoint while it is a member. Kept when the members change. */
final class MemberHistory {
    /** Leases that it has granted to requests of the group. */
    final LeaseCount leases = new LeaseCount();

    /** When its connection attempts were seen to be paused, or to fail, last. */
    volatile long pausedAt;

    volatile boolean wasPaused;
}
