package io.genericpool.core.internal.capacity;

import org.jspecify.annotations.Nullable;

/** Whether the processes that limits are shared with can be reached, for statistics and errors. Any thread may ask. */
public final class Reachability {
    private volatile boolean reachable = true;
    private volatile @Nullable Throwable why;

    public void set(boolean isReachable, @Nullable Throwable cause) {
        why = isReachable ? null : cause;
        reachable = isReachable;
    }

    public boolean isReachable() {
        return reachable;
    }

    /** Why they cannot be reached; null when they can, or it is not known. */
    public @Nullable Throwable why() {
        return why;
    }
}
