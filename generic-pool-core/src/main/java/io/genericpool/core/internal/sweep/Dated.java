package io.genericpool.core.internal.sweep;

import io.genericpool.core.internal.slot.Slot;

/**
 * A slot with a time that was read once: releases go on meanwhile, and a sort must not see them change.
 *
 * @param slot the slot
 * @param at the time, or what is left of a time
 */
record Dated<E, C>(Slot<E, C> slot, long at) {
    /** The earlier one first. */
    static int compare(Dated<?, ?> a, Dated<?, ?> b) {
        return Long.signum(a.at - b.at);
    }
}
