package io.genericpool.core.internal.report;

import io.genericpool.core.internal.slot.Slot;

/**
 * How many leases of an endpoint each thread holds. Counted once for all errors of a moment, where one count for each would
 * go through all connections as often as there are errors.
 */
final class LeaseHolders {
    /** By hash, and in the next free places. No thread has the number 0. */
    private final long[] threads;

    private final int[] leases;

    /** Has room for so many leases. */
    LeaseHolders(int places) {
        int length = Integer.highestOneBit(places) * 2; // more than there are leases, so that one place is always free
        threads = new long[length];
        leases = new int[length];
    }

    void add(Slot<?, ?> slot) {
        long thread = slot.holder;
        if (slot.state() == Slot.LEASED && thread > 0) {
            int at = find(thread);
            threads[at] = thread;
            leases[at]++;
        }
    }

    int countOf(long thread) {
        return leases[find(thread)];
    }

    /** The place of a thread, or the free one where it belongs. */
    private int find(long thread) {
        int at = Long.hashCode(thread * 0x9E37_79B9_7F4A_7C15L) & (threads.length - 1);
        while (threads[at] != 0 && threads[at] != thread) {
            at = (at + 1) & (threads.length - 1);
        }
        return at;
    }
}
