package io.genericpool.core.internal;

import io.genericpool.core.internal.group.GroupCounts;
import io.genericpool.core.internal.group.MemberRanking;
import io.genericpool.group.Routing;
import io.genericpool.support.Nanos;

/** What the requests of one group share. */
final class GroupParts<E, C> {
    final String name;
    final MemberRanking<E, C> ranking;
    final GroupCounts counts = new GroupCounts();
    final GroupErrors<E, C> errors;
    final GroupBalance<E, C> balance;
    final GroupProbe<E, C> probe;
    /** In nanoseconds; 0 when it is off. */
    final long spillAfter;

    final long hedgeAfter;

    GroupParts(PoolParts<E, C> context, String name, Routing<? super E> routing) {
        this.name = name;
        this.ranking = new MemberRanking<>(
                routing, context.ticker, context.settings.defaultLimits().maxSize());
        this.errors = new GroupErrors<>(context, name);
        this.balance = new GroupBalance<>(context, routing.policy());
        this.probe = new GroupProbe<>(context);
        this.spillAfter = routing.spillAfter().map(Nanos::of).orElse(0L);
        this.hedgeAfter = routing.hedgeAfter().map(Nanos::of).orElse(0L);
    }
}
