package io.genericpool.core.internal.group;

import io.genericpool.core.internal.time.Ticker;
import io.genericpool.group.MemberLoad;
import io.genericpool.group.Ranking;
import io.genericpool.group.Routing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ranks the members of a group for one request. A request draws a seed once. With it, the first choice needs no memory and,
 * where it has an idle connection, is all that is asked for; the whole ranking begins with the same member. Loads are read
 * without locks.
 */
public final class MemberRanking<E, C> {
    /** Up to so many members the loads of all are compared; beyond, those of two that are chosen by chance. */
    private static final int MOST_COMPARED = 4;

    /** So many loads make the mean for a member that has come back: after an outage all members may have. */
    private static final int MOST_AVERAGED = 8;

    /**
     * Loads are read anew once in a tick. Within it, one in so many choices reads one of them, chosen by chance: to count
     * connections each time would cost more than the acquire itself. A power of two.
     */
    private static final int CHOICES_PER_LOOK = 16;

    private static final int FIRST_TIER = 24;
    private static final int LATER_TIERS = 40;

    private final Routing.Policy policy;
    private final @Nullable LongSupplier keyHash;
    private final @Nullable Ranking<E> custom;
    private final Ticker ticker;
    private final int defaultMaxSize;
    /** Whose turn is next, of the first tier and of later ones. With room around, since all threads write here. */
    private final int[] turns = new int[64];

    /** Rankings that have failed, and what they have named that is no member. */
    public final LongAdder failures = new LongAdder();

    @SuppressWarnings("unchecked") // a function that takes what E extends takes an E; what it returns is looked up
    public MemberRanking(Routing<? super E> routing, Ticker ticker, int defaultMaxSize) {
        var of = (Routing<E>) routing;
        this.policy = of.policy();
        this.keyHash = of.keyHash().orElse(null);
        this.custom = of.ranking().orElse(null);
        this.ticker = ticker;
        this.defaultMaxSize = defaultMaxSize;
    }

    /** Whether the first choice is cheap. A function of the user's ranks all at once. */
    public boolean hasFirstChoice() {
        return custom == null;
    }

    /**
     * What tells the choices of one request from those of others. May run code of the user's, and throw what that throws.
     */
    public long seed(MemberSet<E, C> set) {
        return switch (policy) {
            case IN_ORDER, CUSTOM -> 0;
            case ROUND_ROBIN -> nextTurn(set.firstTier);
            case WEIGHTED, LEAST_LOADED -> ThreadLocalRandom.current().nextLong();
            case BY_KEY -> Objects.requireNonNull(keyHash).getAsLong();
        };
    }

    /**
     * Each in turn. By plain reads and writes: two threads that meet here may have the same turn, and both go on from there. To
     * count exactly would cost each request as much as the CAS that leases its connection.
     */
    private int nextTurn(int members) {
        int turn = turns[FIRST_TIER];
        if (turn >= members) {
            turn = 0;
        }
        turns[FIRST_TIER] = turn + 1;
        return turn;
    }

    /** One count for all later tiers: each takes its own remainder, so that none of them keeps another one's place. */
    private int nextTurnOfLaterTiers() {
        int turn = turns[LATER_TIERS];
        turns[LATER_TIERS] = (turn + 1) & Integer.MAX_VALUE;
        return turn;
    }

    /** The member of the first tier that should serve a request. */
    public Member<E, C> first(MemberSet<E, C> set, long seed) {
        return set.at(set.firstTier == 1 ? 0 : first(set, seed, 0, set.firstTier));
    }

    private int first(MemberSet<E, C> set, long seed, int from, int to) {
        return switch (policy) {
            case IN_ORDER, CUSTOM -> from;
            case ROUND_ROBIN -> from == 0 ? (int) seed : from + (int) (seed >>> Integer.SIZE) % (to - from);
            case WEIGHTED -> set.placeAt(seed >>> 1, from, to);
            case LEAST_LOADED -> byLoad(set, seed); // ranked all at once, elsewhere
            case BY_KEY -> byKey(set, seed, from, to);
        };
    }

    private int byLoad(MemberSet<E, C> set, long seed) {
        long now = ticker.coarse();
        int count = set.firstTier;
        int start = below(count, (int) seed); // ties by chance
        if (((seed >>> 32) & (CHOICES_PER_LOOK - 1)) == 0) {
            look(set, set.at(start), now);
        }
        if (count > MOST_COMPARED) {
            // Power of two choices; Mitzenmacher, 1996.
            int other = start + 1 + below(count - 1, (int) (seed >>> 32));
            other = other < count ? other : other - count;
            return recentLoad(set, other, now) < recentLoad(set, start, now) ? other : start;
        }
        if (set.isOutOfDate(now)) {
            lookAtAll(set, now);
        }
        int best = start;
        long least = set.at(start).recentLoad();
        int place = start;
        for (int i = 1; i < count; i++) {
            place = place + 1 == count ? 0 : place + 1;
            long load = set.at(place).recentLoad();
            if (load < least) {
                best = place;
                least = load;
            }
        }
        return best;
    }

    private void lookAtAll(MemberSet<E, C> set, long now) {
        for (int i = 0; i < set.firstTier; i++) {
            look(set, set.at(i), now);
        }
        set.noteSeen(now);
    }

    /** A number from 0 on that is less than a bound, from 32 bits; without a division. */
    private static int below(int bound, int bits) {
        return (int) ((Integer.toUnsignedLong(bits) * bound) >>> 32);
    }

    private long recentLoad(MemberSet<E, C> set, int place, long now) {
        Member<E, C> member = set.at(place);
        if (member.isOutOfDate(now)) {
            look(set, member, now);
        }
        return member.recentLoad();
    }

    private void look(MemberSet<E, C> set, Member<E, C> member, long now) {
        member.look(now, defaultMaxSize); // first: it finds out that the member is paused
        double least = leastLoad(set, member, now);
        if (least > 0) {
            member.setLeastLoad(least);
        }
    }

    private static <E, C> double load(MemberSet<E, C> set, int place, long now) {
        Member<E, C> member = set.at(place);
        double load = member.load(now); // first, as above
        return Math.max(load, leastLoad(set, member, now));
    }

    /** One that was paused until lately counts as loaded as the others are, or as the first ones of many are. */
    private static <E, C> double leastLoad(MemberSet<E, C> set, Member<E, C> member, long now) {
        if (!member.isSpared(now)) {
            return 0;
        }
        double sum = 0;
        int count = 0;
        for (int i = 0; i < set.members.size() && count < MOST_AVERAGED; i++) {
            Member<E, C> other = set.at(i);
            if (other != member && other.tier == member.tier) {
                sum += other.load(now);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static <E, C> int byKey(MemberSet<E, C> set, long key, int from, int to) {
        long mixedKey = mixed(key);
        int best = from;
        long highest = score(set.at(from), mixedKey);
        for (int i = from + 1; i < to; i++) {
            long score = score(set.at(i), mixedKey);
            if (score > highest) {
                best = i;
                highest = score;
            }
        }
        return best;
    }

    private static long score(Member<?, ?> member, long mixedKey) {
        return mixed(mixedKey ^ member.hashForKeys);
    }

    /** The finalizer of SplittableRandom (Stafford's variant 13 of MurmurHash3's). */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static double unit(long seed) {
        return (mixed(seed) >>> 11) * 0x1.0p-53;
    }

    /** The members in the order in which they should serve a request, by tiers. Some may be left out, never all. */
    public List<Member<E, C>> rank(MemberSet<E, C> set, long seed) {
        boolean takesTurns = policy == Routing.Policy.ROUND_ROBIN && set.firstTier < set.members.size();
        long withLater = takesTurns ? seed | (long) nextTurnOfLaterTiers() << Integer.SIZE : seed;
        var ranked = new ArrayList<Member<E, C>>(set.members.size());
        for (int from = 0; from < set.members.size(); ) {
            int to = set.endOfTier(from);
            rank(set, withLater, from, to, ranked);
            from = to;
        }
        return ranked;
    }

    private void rank(MemberSet<E, C> set, long seed, int from, int to, List<Member<E, C>> ranked) {
        List<Member<E, C>> tier = set.members.subList(from, to);
        switch (policy) {
            case IN_ORDER -> ranked.addAll(tier);
            case ROUND_ROBIN -> {
                var rotated = new ArrayList<>(tier);
                Collections.rotate(rotated, from - first(set, seed, from, to));
                ranked.addAll(rotated);
            }
            case WEIGHTED -> {
                Member<E, C> first = set.at(first(set, seed, from, to));
                long[] draw = {seed};
                // Sampling without replacement by exponential keys; Efraimidis and Spirakis, 2006.
                addSorted(tier, ranked, m -> m == first ? -1 : -Math.log(1 - unit(++draw[0])) / m.weight);
            }
            case LEAST_LOADED -> addByLoad(set, seed, from, to, ranked);
            case BY_KEY -> {
                long mixedKey = mixed(seed);
                addSorted(tier, ranked, m -> -(double) score(m, mixedKey));
            }
            case CUSTOM -> addCustom(set, tier, from, to, ranked);
        }
    }

    private void addByLoad(MemberSet<E, C> set, long seed, int from, int to, List<Member<E, C>> ranked) {
        long now = ticker.coarse();
        int count = to - from;
        var rotated = new ArrayList<Member<E, C>>(count);
        var loads = new HashMap<Member<E, C>, Double>();
        for (int i = 0; i < count; i++) {
            int place = from + (below(count, (int) seed) + i) % count;
            rotated.add(set.at(place));
            loads.put(set.at(place), load(set, place, now));
        }
        rotated.sort(Comparator.comparingDouble(member -> Objects.requireNonNull(loads.get(member)))); // stable
        ranked.addAll(rotated);
    }

    private interface Key<E, C> {
        double of(Member<E, C> member);
    }

    private static <E, C> void addSorted(List<Member<E, C>> tier, List<Member<E, C>> ranked, Key<E, C> key) {
        double[] keys = new double[tier.size()];
        Arrays.setAll(keys, i -> key.of(tier.get(i)));
        Integer[] places = new Integer[tier.size()];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, Comparator.comparingDouble(i -> keys[i]));
        for (int place : places) {
            ranked.add(tier.get(place));
        }
    }

    private void addCustom(MemberSet<E, C> set, List<Member<E, C>> tier, int from, int to, List<Member<E, C>> ranked) {
        long now = ticker.coarse();
        var loads = new ArrayList<MemberLoad<E>>(tier.size());
        Map<E, Member<E, C>> byEndpoint = new HashMap<>();
        for (int i = from; i < to; i++) {
            Member<E, C> member = set.at(i);
            loads.add(new MemberSnapshot<>(member, load(set, i, now), defaultMaxSize, now));
            byEndpoint.put(member.endpoint, member);
        }
        List<? extends E> chosen = Objects.requireNonNull(custom).rank(Collections.unmodifiableList(loads));
        Objects.requireNonNull(chosen, "the ranking returned null instead of a list");
        var accepted = new LinkedHashSet<Member<E, C>>();
        for (Object endpoint : chosen) { // of a list that may hold anything
            Member<E, C> member = endpoint == null ? null : byEndpoint.get(endpoint);
            if (member == null || !accepted.add(member)) {
                failures.increment();
            }
        }
        if (accepted.isEmpty()) {
            failures.increment();
            ranked.addAll(tier);
        }
        ranked.addAll(accepted);
    }
}
