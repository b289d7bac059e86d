package io.genericpool.core.internal.group;

import java.util.concurrent.atomic.LongAdder;

/** What a group remembers of an endpoint while it is a member. Kept when the members change. */
final class MemberHistory {
    /** Leases that it has granted to requests of the group. */
    final LongAdder leases = new LongAdder();

    /** When its connection attempts were seen to be paused, or to fail, last. */
    volatile long pausedAt;

    volatile boolean wasPaused;
}
