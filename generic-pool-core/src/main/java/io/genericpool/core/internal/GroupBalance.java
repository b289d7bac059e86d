package io.genericpool.core.internal;

import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.group.Member;
import io.genericpool.core.internal.group.MemberSet;
import io.genericpool.group.Routing;
import java.util.List;

/**
 * Evens out what the members of a first tier hold, where the policy is to use all of them: a member far above its part loses an
 * idle connection from time to time, while another one has room. Leases are not moved. Run by the collector alone.
 */
final class GroupBalance<E, C> {
    /** One connection of a group goes in this time at most: 1 s. */
    private static final long PERIOD = 1_000_000_000L;

    /** It is far above its part with more than so many times of it, and at least as many connections more. */
    private static final int FAR_ABOVE = 2;

    private final PoolParts<E, C> context;
    private final boolean sharesLoad;
    private long retiredAt;
    private boolean hasRetired;

    GroupBalance(PoolParts<E, C> context, Routing.Policy policy) {
        this.context = context;
        this.sharesLoad = switch (policy) {
            case ROUND_ROBIN, WEIGHTED, LEAST_LOADED -> true;
            case IN_ORDER, BY_KEY, CUSTOM -> false;
        };
    }

    void run(MemberSet<E, C> set) {
        long now = context.ticker.coarse();
        if (!sharesLoad || set.firstTier < 2 || (hasRetired && now - retiredAt < PERIOD)) {
            return;
        }
        List<Member<E, C>> members = set.members.subList(0, set.firstTier);
        double held = 0;
        double parts = 0;
        for (Member<E, C> member : members) {
            EndpointPool<E, C> pool = member.pool();
            held += pool == null ? 0 : pool.heldNow();
            parts += partOf(member, now);
        }
        Member<E, C> most = null;
        double excess = 0;
        boolean hasRoom = false;
        for (Member<E, C> member : members) {
            EndpointPool<E, C> pool = member.pool();
            int own = pool == null ? 0 : pool.heldNow();
            double fair = held * partOf(member, now) / parts;
            if (own > FAR_ABOVE * fair && own - fair >= FAR_ABOVE && own - fair > excess) {
                most = member;
                excess = own - fair;
            }
            hasRoom |= own < fair && (pool == null || (!pool.isPaused(now) && own < pool.maxSize(now)));
        }
        EndpointPool<E, C> from = most == null || !hasRoom ? null : most.pool();
        if (from != null && context.steps.retireOne(from)) {
            retiredAt = now;
            hasRetired = true;
        }
    }

    /** In proportion to its weight, and to how many connections it may have. */
    private double partOf(Member<E, C> member, long now) {
        EndpointPool<E, C> pool = member.pool();
        int max = pool == null ? context.settings.defaultLimits().maxSize() : pool.maxSize(now);
        return member.weight * max;
    }
}
