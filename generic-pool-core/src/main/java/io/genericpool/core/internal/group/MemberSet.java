package io.genericpool.core.internal.group;

import io.genericpool.core.internal.endpoint.EndpointRegistry;
import io.genericpool.group.Routing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The members of a group at one time. They do not change; what was seen of their loads does. */
public final class MemberSet<E, C> {
    /** In their declared order. */
    public final List<E> endpoints;

    /** By tier, and within a tier in their declared order. */
    public final List<Member<E, C>> members;

    /** How many are in the first tier. */
    public final int firstTier;

    /** The same members: each request reads one of them. */
    private final Member<E, C>[] places;

    /** When each of the first tier was looked at last. Racy and plain, as what was seen then. */
    private long seenAt;

    private boolean areSeen;

    /** Where the part of a member ends in its tier, by weight; of a tier as a whole, {@link Long#MAX_VALUE}. */
    private final long[] partEnds;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private MemberSet(List<E> endpoints, List<Member<E, C>> members) {
        this.endpoints = Collections.unmodifiableList(endpoints);
        this.members = members;
        this.places = members.toArray(new Member[0]);
        this.partEnds = partEnds(members);
        this.firstTier = endOfTier(members, 0);
    }

    private static <E, C> long[] partEnds(List<Member<E, C>> members) {
        var ends = new long[members.size()];
        for (int from = 0; from < ends.length; ) {
            int to = endOfTier(members, from);
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += members.get(i).weight;
            }
            double end = 0;
            for (int i = from; i < to; i++) {
                end += members.get(i).weight;
                ends[i] = i + 1 == to ? Long.MAX_VALUE : (long) (end / sum * Long.MAX_VALUE);
            }
            from = to;
        }
        return ends;
    }

    private static int endOfTier(List<? extends Member<?, ?>> members, int from) {
        int to = from;
        while (to < members.size() && members.get(to).tier == members.get(from).tier) {
            to++;
        }
        return to;
    }

    /** Where the tier ends that begins at a place. */
    int endOfTier(int from) {
        return endOfTier(members, from);
    }

    /** Whether the first tier must be looked at before its recent loads are read: once in a tick is enough. */
    boolean isOutOfDate(long now) {
        return !areSeen || now - seenAt > Member.LOOK_LASTS;
    }

    /** All of the first tier were looked at. */
    void noteSeen(long now) {
        seenAt = now;
        areSeen = true;
    }

    Member<E, C> at(int place) {
        return places[place];
    }

    /**
     * The place whose part of the tier a point lies in. Without a branch: the point is there by chance, so the processor would
     * guess wrong.
     *
     * @param point from 0 on
     */
    int placeAt(long point, int from, int to) {
        int place = from;
        for (int i = from; i < to - 1; i++) {
            place += (int) ((partEnds[i] - 1 - point) >>> 63); // 1 where it lies behind
        }
        return place;
    }

    /**
     * Makes a set. Calls the functions of the policy.
     *
     * @param before the members until now; null when the group is new
     */
    public static <E, C> MemberSet<E, C> of(
            EndpointRegistry<E, C> registry,
            Routing<? super E> routing,
            Collection<? extends E> endpoints,
            Function<? super E, String> label,
            @Nullable MemberSet<E, C> before) {
        var declared = new ArrayList<E>(endpoints.size());
        var members = new ArrayList<Member<E, C>>(endpoints.size());
        var seen = new HashSet<E>();
        Map<E, MemberHistory> histories = historiesOf(before);
        for (E endpoint : endpoints) {
            Objects.requireNonNull(endpoint, "endpoint");
            if (!seen.add(endpoint)) {
                throw new IllegalArgumentException(
                        "the members of a group must be different, but " + label.apply(endpoint) + " is named twice");
            }
            MemberHistory history = histories.getOrDefault(endpoint, new MemberHistory());
            declared.add(endpoint);
            members.add(new Member<>(
                    registry, endpoint, tier(routing, endpoint), weight(routing, endpoint, label), history));
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a group must have at least 1 member, but has 0");
        }
        members.sort(Comparator.comparingInt(member -> member.tier)); // stable
        return new MemberSet<>(declared, List.copyOf(members));
    }

    private static <E, C> Map<E, MemberHistory> historiesOf(@Nullable MemberSet<E, C> set) {
        var histories = new HashMap<E, MemberHistory>();
        if (set != null) {
            set.members.forEach(member -> histories.put(member.endpoint, member.history));
        }
        return histories;
    }

    private static <E> int tier(Routing<? super E> routing, E endpoint) {
        ToIntFunction<? super E> tier = tierOf(routing);
        return tier == null ? 0 : tier.applyAsInt(endpoint);
    }

    @SuppressWarnings("unchecked") // a function that takes what E extends takes an E
    private static <E> @Nullable ToIntFunction<? super E> tierOf(Routing<? super E> routing) {
        return ((Routing<E>) routing).tier().orElse(null);
    }

    private static <E> double weight(Routing<? super E> routing, E endpoint, Function<? super E, String> label) {
        ToDoubleFunction<? super E> function = weightOf(routing);
        if (function == null) {
            return 1;
        }
        double weight = function.applyAsDouble(endpoint);
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of " + label.apply(endpoint) + " must be more than 0 and finite, but is " + weight);
        }
        return weight;
    }

    @SuppressWarnings("unchecked") // as above
    private static <E> @Nullable ToDoubleFunction<? super E> weightOf(Routing<? super E> routing) {
        return ((Routing<E>) routing).weight().orElse(null);
    }
}
