package io.genericpool.core.model;

import io.genericpool.EndpointGroup;
import io.genericpool.core.model.ModelState.Ask;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Group;
import io.genericpool.core.model.ModelState.Member;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The groups of a trace: requests to them, other members, and new groups in place of old ones. */
final class GroupSteps {
    /** Of a hundred acquires, so many go to a group. */
    private static final int TO_GROUPS = 50;

    private static final int CHANGES = 4;
    private static final int MOST_MEMBERS = 4;

    /** A group, as the pool and the model know it. */
    private static final class Pair {
        EndpointGroup<Target, Connection> group;
        Group model;
    }

    private final World world;
    private final Pools pools;
    private final List<Pair> pairs = new ArrayList<>();
    private int made;

    GroupSteps(World world, Pools pools) {
        this.world = world;
        this.pools = pools;
        for (TraceGroup config : world.config.groups) {
            var pair = new Pair();
            make(pair, config, members(made++));
            pairs.add(pair);
        }
    }

    private void make(Pair pair, TraceGroup config, List<Integer> members) {
        pair.group = world.pool.group(config.name(), pools.routing(config), targets(members));
        pair.model = new Group(config);
        world.model.members(pair.model, members);
    }

    private List<Target> targets(List<Integer> members) {
        return members.stream().map(e -> world.targets[e]).toList();
    }

    /** Some endpoints, in an order that is not theirs. */
    private List<Integer> members(int number) {
        int most = world.targets.length;
        int size = 1 + number % Math.min(MOST_MEMBERS, most);
        Set<Integer> members = new LinkedHashSet<>();
        for (int i = 0; members.size() < size; i++) {
            members.add((number / 5 + i * (1 + number % 2)) % most);
            members.add((number / 7 + i) % most);
        }
        return List.copyOf(members);
    }

    /** Does a step if it is about a group. */
    boolean act(Step step) {
        int share = step.which % 100;
        if (pairs.isEmpty() || share >= TO_GROUPS) {
            return false;
        }
        Pair pair = pairs.get(step.size % pairs.size());
        long own = world.config.acquireTimeout;
        switch (step.kind) {
            case ACQUIRE -> {
                if (share < CHANGES) {
                    change(pair, step, share == 0);
                } else {
                    acquire(pair, true, step.oneOf(own, own, 0, 2_100_001, 20_200_003, 200_300_007, 5_400_500_013L));
                }
            }
            case ACQUIRE_NOW -> acquire(pair, false, 0);
            case TRY -> world.requests.tryAcquire(pair.group, pair.model);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void acquire(Pair pair, boolean isAsync, long timeout) {
        world.requests.acquire(pair.group, pair.model, isAsync, timeout);
    }

    /** Other members, or another group with the same settings; those that wait go on waiting. */
    private void change(Pair pair, Step step, boolean isNew) {
        if (world.model.isClosed) {
            return;
        }
        List<Integer> members = members(step.size);
        Group group = pair.model;
        if (isNew) {
            world.did(
                    () -> "another group " + group.config.name() + " of " + members,
                    () -> {
                        pair.group.close();
                        make(pair, group.config, members);
                    },
                    () -> {});
        } else {
            world.did(
                    () -> group.config.name() + " has the members " + members,
                    () -> pair.group.members(targets(members)),
                    () -> world.model.members(group, members));
        }
    }

    // ---- after each step

    void compare() {
        for (Pair pair : pairs) {
            Group group = pair.model;
            var stats = pair.group.stats();
            Tally.same("spill-overs of " + group.config.name(), stats.spillOvers(), group.spillOvers);
            Tally.same("hedges of " + group.config.name(), stats.hedges(), group.hedges);
            Tally.same("members of " + group.config.name(), stats.leases().size(), group.members.size());
            for (Member m : group.members) {
                Long leases = stats.leases().get(world.targets[m.endpoint]);
                Tally.same("leases by " + group.config.name() + " of e" + m.endpoint, leases, m.leases);
            }
        }
        checkTickets();
    }

    /** Whatever the model says: no ticket of a request that has ended, and never more turns than a request has. */
    private void checkTickets() {
        Set<Ask> asks = new HashSet<>();
        for (Endpoint p : world.model.endpoints) {
            if (p != null) {
                p.queue.stream().filter(w -> w.isTicket).forEach(t -> asks.add(t.ask));
            }
        }
        for (Ask ask : asks) {
            if (ask.request.outcome != Outcome.WAITING) {
                throw new AssertionError("never: a ticket of r" + ask.request.id + " is queued after its end");
            }
            long started = ask.tickets.stream().filter(t -> t.hasTurn).count();
            if (started + ask.freeTurns != ask.turns || ask.turns > 2) {
                throw new AssertionError("never: r" + ask.request.id + " has " + ask.turns + " turns, " + started
                        + " with its tickets and " + ask.freeTurns + " free");
            }
        }
    }

    /** How many tickets are queued: each is a waiter of its endpoint, and none of them an acquire. */
    static int tickets(PoolModel model) {
        int tickets = 0;
        for (Endpoint p : model.endpoints) {
            for (Waiter w : p == null ? List.<Waiter>of() : p.queue) {
                tickets += w.isTicket ? 1 : 0;
            }
        }
        return tickets;
    }
}
