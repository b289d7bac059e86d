package io.genericpool.core.model;

import io.genericpool.core.model.ModelState.Member;
import io.genericpool.core.model.TraceServer.Target;
import io.genericpool.group.MemberLoad;
import io.genericpool.group.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The settings of a group in a trace. Times are nanoseconds; 0 is off. */
record TraceGroup(String name, Order order, int tiers, long spillAfter, long hedgeAfter) {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** Policies that leave nothing to chance. */
    enum Order {
        DECLARED,
        /** By a function, and without the last one of a tier of three. */
        REVERSED,
        ROUND_ROBIN
    }

    static TraceGroup random(String name, boolean mayRotate, SplittableRandom random) {
        int policy = random.nextInt(4);
        Order order = policy == 3 && mayRotate ? Order.ROUND_ROBIN : policy == 2 ? Order.REVERSED : Order.DECLARED;
        int tiers = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1;
        // As no other time, so that nothing falls due together.
        long spillAfter = random.nextBoolean() ? (1 + random.nextInt(60)) * MILLI + 15_485_863 % MILLI : 0;
        long hedgeAfter = random.nextInt(3) == 0 ? (1 + random.nextInt(60)) * MILLI + 32_452_843 % MILLI : 0;
        return new TraceGroup(name, order, tiers, spillAfter, hedgeAfter);
    }

    /** Of an endpoint. */
    int tier(int endpoint) {
        return (endpoint * 7 + 3) % tiers;
    }

    /** The pool's own routing. */
    Routing<Target> routing() {
        Routing<Target> routing =
                switch (order) {
                    case DECLARED -> Routing.inOrder();
                    case REVERSED -> Routing.<Target>custom(TraceGroup::reversed);
                    case ROUND_ROBIN -> Routing.roundRobin();
                };
        routing = tiers == 1 ? routing : routing.tier(target -> tier(target.index()));
        routing = spillAfter == 0 ? routing : routing.spillAfter(Duration.ofNanos(spillAfter));
        return hedgeAfter == 0 ? routing : routing.hedgeAfter(Duration.ofNanos(hedgeAfter));
    }

    private static List<Target> reversed(List<? extends MemberLoad<? extends Target>> loads) {
        var targets = new ArrayList<Target>();
        loads.forEach(load -> targets.add(load.endpoint()));
        return reverse(targets);
    }

    private static <T> List<T> reverse(List<T> tier) {
        var reversed = new ArrayList<>(tier);
        Collections.reverse(reversed);
        return reversed.subList(0, tier.size() == 3 ? 2 : tier.size());
    }

    /** Whether the loads of the members are read for a ranking. */
    boolean readsLoads() {
        return order == Order.REVERSED;
    }

    /** How many members are in the first tier that has any. */
    int firstTier(List<Member> members) {
        int first = members.stream().mapToInt(m -> tier(m.endpoint)).min().orElseThrow();
        return (int) members.stream().filter(m -> tier(m.endpoint) == first).count();
    }

    /** The model's own ranking, of the members as they were declared, by the turn of the first tier and that of all others. */
    List<Member> rank(List<Member> members, int turn, int later) {
        var ranked = new ArrayList<Member>();
        for (int t = 0; t < tiers; t++) {
            var tier = new ArrayList<Member>();
            for (Member m : members) {
                if (tier(m.endpoint) == t) {
                    tier.add(m);
                }
            }
            ranked.addAll(rankTier(tier, ranked.isEmpty() ? turn : later));
        }
        return ranked;
    }

    private List<Member> rankTier(List<Member> tier, int turn) {
        if (order == Order.ROUND_ROBIN && !tier.isEmpty()) {
            Collections.rotate(tier, -(turn % tier.size()));
        }
        return order == Order.REVERSED ? reverse(tier) : tier;
    }
}
