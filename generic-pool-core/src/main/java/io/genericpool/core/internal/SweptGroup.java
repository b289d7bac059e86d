package io.genericpool.core.internal;

import io.genericpool.EndpointGroup;

/** A group as the collector sees it. */
interface SweptGroup<E, C> extends EndpointGroup<E, C> {
    /** By the collector, after a sweep. */
    void afterSweep();
}
