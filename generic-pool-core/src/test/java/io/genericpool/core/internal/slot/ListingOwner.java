package io.genericpool.core.internal.slot;

import java.util.ArrayList;
import java.util.List;

/** An owner that notes which places were listed; nothing else is asked of it. */
@SuppressWarnings("serial") // it is never serialized
final class ListingOwner extends SlotOwner<String, Object> {
    private static final long serialVersionUID = 1L;

    final transient List<Integer> listed = new ArrayList<>();

    @Override
    public void list(Slot<String, Object> slot, long word) {
        listed.add(slot.index);
    }

    @Override
    public String endpoint() {
        return "a";
    }

    @Override
    public String label() {
        return "a";
    }

    @Override
    public void release(SlotLease<String, Object> lease) {
        throw new AssertionError("not asked here");
    }

    @Override
    public void invalidate(SlotLease<String, Object> lease, Throwable cause) {
        throw new AssertionError("not asked here");
    }
}
