package io.genericpool.core.internal.group;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.group.MemberLoad;

/** What a ranking of the user's is told of a member. */
final class MemberSnapshot<E> implements MemberLoad<E> {
    private final E endpoint;
    private final int leased;
    private final int waiting;
    private final int connecting;
    private final int effectiveMaxSize;
    private final boolean isPaused;
    private final double load;

    <C> MemberSnapshot(Member<E, C> member, double load, int defaultMaxSize, long now) {
        EndpointPool<E, C> pool = member.pool();
        this.endpoint = member.endpoint;
        this.load = load;
        this.connecting = pool == null ? 0 : pool.connectingNow();
        this.leased = pool == null ? 0 : Math.max(0, pool.busyNow() - connecting);
        this.waiting = pool == null ? 0 : pool.waitersNow();
        this.effectiveMaxSize = pool == null ? defaultMaxSize : pool.maxSize(now);
        this.isPaused = pool != null && pool.isPaused(now);
    }

    @Override
    public E endpoint() {
        return endpoint;
    }

    @Override
    public int leased() {
        return leased;
    }

    @Override
    public int waiting() {
        return waiting;
    }

    @Override
    public int connecting() {
        return connecting;
    }

    @Override
    public int effectiveMaxSize() {
        return effectiveMaxSize;
    }

    @Override
    public boolean isPaused() {
        return isPaused;
    }

    @Override
    public double load() {
        return load;
    }

    @Override
    public String toString() {
        return "load " + load + " (" + leased + " leased, " + waiting + " waiting, " + connecting
                + " connecting, at most " + effectiveMaxSize + (isPaused ? ", paused)" : ")");
    }
}
