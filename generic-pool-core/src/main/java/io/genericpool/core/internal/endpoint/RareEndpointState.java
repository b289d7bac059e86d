package io.genericpool.core.internal.endpoint;

import io.genericpool.EndpointStats;
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

    /** What it needs while something is wrong with it; null when all is well. */
    public @Nullable ConnectRestrictions restrictions;

    /** The warm-ups that are under way. */
    public final List<WarmUp> warmUps = new ArrayList<>(0);

    /** The statistics that an error told last, where counting takes long; null before the first. */
    public @Nullable EndpointStats told;

    /** When {@link #told} was counted, by the clock. */
    public long toldAt;
}
