package io.genericpool.core.internal.group;

import java.util.concurrent.atomic.LongAdder;

/** What a group counts beyond the leases of its members. */
public final class GroupCounts {
    public final LongAdder spillOvers = new LongAdder();
    public final LongAdder hedges = new LongAdder();
}
