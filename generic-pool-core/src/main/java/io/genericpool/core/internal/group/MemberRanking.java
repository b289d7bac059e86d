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
import java.util.concurrent.atomic.AtomicLong;
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

    private final Routing.Policy policy;
    private final @Nullable LongSupplier keyHash;
    private final @Nullable Ranking<E> custom;
    private final Ticker ticker;
    private final int defaultMaxSize;
    private final AtomicLong rounds = new AtomicLong();

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

    /** What tells the choices of one request from those of others. May run code of the user's, and throw what that throws. */
    public long seed() {
        return switch (policy) {
            case IN_ORDER, CUSTOM -> 0;
            case ROUND_ROBIN -> rounds.getAndIncrement();
            case WEIGHTED, LEAST_LOADED -> ThreadLocalRandom.current().nextLong();
            case BY_KEY -> Objects.requireNonNull(keyHash).getAsLong();
        };
    }

    /** The member of the first tier that should serve a request. */
    public Member<E, C> first(MemberSet<E, C> set, long seed) {
        return set.members.get(set.firstTier == 1 ? 0 : first(set, seed, 0, set.firstTier));
    }

    private int first(MemberSet<E, C> set, long seed, int from, int to) {
        return switch (policy) {
            case IN_ORDER, CUSTOM -> from;
            case ROUND_ROBIN -> from + ((int) seed & Integer.MAX_VALUE) % (to - from);
            case WEIGHTED -> byWeight(set, seed, from, to);
            case LEAST_LOADED -> byLoad(set, seed, from, to);
            case BY_KEY -> byKey(set, seed, from, to);
        };
    }

    private int byWeight(MemberSet<E, C> set, long seed, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += set.members.get(i).weight;
        }
        double point = unit(seed) * sum;
        for (int i = from; i < to - 1; i++) {
            point -= set.members.get(i).weight;
            if (point < 0) {
                return i;
            }
        }
        return to - 1;
    }

    private int byLoad(MemberSet<E, C> set, long seed, int from, int to) {
        int count = to - from;
        long now = ticker.coarse();
        int start = from + below(count, (int) seed); // ties by chance
        if (count > MOST_COMPARED) {
            // Power of two choices; Mitzenmacher, 1996.
            int other = from + (start - from + 1 + below(count - 1, (int) (seed >>> 32))) % count;
            return recentLoad(set, other, now) < load(set, start, now) ? other : start;
        }
        // One member is looked at anew per request: to count the connections of all would cost more than the acquire
        // itself.
        int best = start;
        double least = load(set, start, now);
        int place = start;
        for (int i = 1; i < count; i++) {
            place = place + 1 == to ? from : place + 1;
            double load = recentLoad(set, place, now);
            if (load < least) {
                best = place;
                least = load;
            }
        }
        return best;
    }

    /** A number from 0 on that is less than a bound, from 32 bits; without a division. */
    private static int below(int bound, int bits) {
        return (int) ((Integer.toUnsignedLong(bits) * bound) >>> 32);
    }

    /** One that was paused until lately counts as loaded as the others are. */
    private static <E, C> double load(MemberSet<E, C> set, int place, long now) {
        Member<E, C> member = set.members.get(place);
        double load = member.load(now);
        return member.isSpared(now) ? Math.max(load, meanOfOthers(set, member, now)) : load;
    }

    private static <E, C> double recentLoad(MemberSet<E, C> set, int place, long now) {
        Member<E, C> member = set.members.get(place);
        double load = member.recentLoad(now);
        return member.isSpared(now) ? Math.max(load, meanOfOthers(set, member, now)) : load;
    }

    private static <E, C> double meanOfOthers(MemberSet<E, C> set, Member<E, C> member, long now) {
        double sum = 0;
        int count = 0;
        for (Member<E, C> other : set.members) {
            if (other != member && other.tier == member.tier) {
                sum += other.recentLoad(now);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static <E, C> int byKey(MemberSet<E, C> set, long key, int from, int to) {
        int best = from;
        long highest = score(set.members.get(from), key);
        for (int i = from + 1; i < to; i++) {
            long score = score(set.members.get(i), key);
            if (score > highest) {
                best = i;
                highest = score;
            }
        }
        return best;
    }

    private static long score(Member<?, ?> member, long key) {
        return mixed(mixed(key) ^ member.hash * 0x9e3779b97f4a7c15L);
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
        var ranked = new ArrayList<Member<E, C>>(set.members.size());
        for (int from = 0; from < set.members.size(); ) {
            int to = from;
            while (to < set.members.size() && set.members.get(to).tier == set.members.get(from).tier) {
                to++;
            }
            rank(set, seed, from, to, ranked);
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
                Member<E, C> first = set.members.get(first(set, seed, from, to));
                long[] draw = {seed};
                // Sampling without replacement by exponential keys; Efraimidis and Spirakis, 2006.
                addSorted(tier, ranked, m -> m == first ? -1 : -Math.log(1 - unit(++draw[0])) / m.weight);
            }
            case LEAST_LOADED -> addByLoad(set, seed, from, to, ranked);
            case BY_KEY -> addSorted(tier, ranked, m -> -(double) score(m, seed));
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
            rotated.add(set.members.get(place));
            loads.put(set.members.get(place), load(set, place, now));
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
            Member<E, C> member = set.members.get(i);
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
