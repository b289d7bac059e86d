package io.genericpool.core.internal.endpoint;

import io.genericpool.SuspendMode;
import io.genericpool.core.internal.queue.WarmUp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What few endpoints have, so that the others need no room for it. Guarded by the endpoint's lock. */
public final class RareEndpointState {
    /** How it is suspended; null when it is not. */
    @Nullable
    SuspendMode suspension;

    /** How the pool as a whole is at rest; null when it is not. */
    @Nullable
    SuspendMode rest;

    /** What it needs while something is wrong with it; null when all is well. */
    public @Nullable ConnectRestrictions restrictions;

    /** The warm-ups that are under way. */
    public final List<WarmUp> warmUps = new ArrayList<>(0);

    /** What errors tell of the endpoint, where counting takes long; null before the first. Read without the lock. */
    public volatile @Nullable Object told;
}
