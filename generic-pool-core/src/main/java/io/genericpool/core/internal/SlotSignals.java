package io.genericpool.core.internal;

import io.genericpool.spi.ConnectionSignals;
import org.jspecify.annotations.Nullable;

/** What a connection tells about itself, as flags of its slot. */
final class SlotSignals<E, C> implements ConnectionSignals {
    private final Slot<E, C> slot;

    SlotSignals(Slot<E, C> slot) {
        this.slot = slot;
    }

    @Override
    public void dead(@Nullable Throwable cause) {
        slot.extras().deathCause = cause;
        raise(Slot.DEAD);
    }

    @Override
    public void retire() {
        raise(Slot.RETIRED);
    }

    /** The flag keeps the fast path away; an idle slot is then taken out under the lock, others by their next step. */
    private void raise(int flag) {
        if (slot.raise(flag) == Slot.IDLE) {
            slot.pool.discardFlagged(slot);
        }
    }
}
