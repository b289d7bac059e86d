package io.genericpool.group;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The policy of an endpoint group: which member should serve a request. The pool ranks the members once per request. An
 * idle connection of any member of the first tier serves a request at once, in the order of the ranking. Connection
 * attempts follow the ranking too, one member at a time.
 *
 * <p>Immutable. Each method with a setting returns a new policy.
 *
 * @param <E> the type of endpoints
 */
public final class Routing<E> {
    /** The kinds of policies. */
    public enum Policy {
        /** The declared order. */
        IN_ORDER,
        /** Each member in turn. */
        ROUND_ROBIN,
        /** By chance, in proportion to weights. */
        WEIGHTED,
        /** The least load first. */
        LEAST_LOADED,
        /** By the hash of a key. */
        BY_KEY,
        /** By a function of the user's. */
        CUSTOM
    }

    private final Policy policy;
    private final @Nullable ToDoubleFunction<? super E> weight;
    private final @Nullable LongSupplier keyHash;
    private final @Nullable Ranking<E> ranking;
    private final @Nullable ToIntFunction<? super E> tier;
    private final @Nullable Duration spillAfter;
    private final @Nullable Duration hedgeAfter;

    private Routing(
            Policy policy,
            @Nullable ToDoubleFunction<? super E> weight,
            @Nullable LongSupplier keyHash,
            @Nullable Ranking<E> ranking) {
        this(policy, weight, keyHash, ranking, null, null, null);
    }

    private Routing(
            Policy policy,
            @Nullable ToDoubleFunction<? super E> weight,
            @Nullable LongSupplier keyHash,
            @Nullable Ranking<E> ranking,
            @Nullable ToIntFunction<? super E> tier,
            @Nullable Duration spillAfter,
            @Nullable Duration hedgeAfter) {
        this.policy = policy;
        this.weight = weight;
        this.keyHash = keyHash;
        this.ranking = ranking;
        this.tier = tier;
        this.spillAfter = spillAfter;
        this.hedgeAfter = hedgeAfter;
    }

    /**
     * Prefers the members in the order in which they were declared: a primary and its fallbacks.
     *
     * @param <E> the type of endpoints
     * @return the policy
     */
    public static <E> Routing<E> inOrder() {
        return new Routing<>(Policy.IN_ORDER, null, null, null);
    }

    /**
     * Prefers each member in turn. Threads that ask at the same moment may have the same turn.
     *
     * @param <E> the type of endpoints
     * @return the policy
     */
    public static <E> Routing<E> roundRobin() {
        return new Routing<>(Policy.ROUND_ROBIN, null, null, null);
    }

    /**
     * Prefers members by chance, in proportion to their weights. The weights are read when the group is created and when
     * its members change.
     *
     * @param weight the weight of each member, more than zero and finite
     * @param <E> the type of endpoints
     * @return the policy
     */
    public static <E> Routing<E> weighted(ToDoubleFunction<? super E> weight) {
        return new Routing<>(Policy.WEIGHTED, Objects.requireNonNull(weight, "weight"), null, null);
    }

    /**
     * Prefers the member with the least load ({@link MemberLoad#load()}), ties by chance. Among more than four members, a
     * request that need not wait goes to the better of two members that are chosen by chance. Between two ticks of the pool,
     * which are 10 ms to 1 s long, a load is the last one that was read, and the leases that the group has granted since.
     *
     * @param <E> the type of endpoints
     * @return the policy
     */
    public static <E> Routing<E> leastLoaded() {
        return new Routing<>(Policy.LEAST_LOADED, null, null, null);
    }

    /**
     * Prefers the same member for the same key, and moves as few keys as possible when members change (rendezvous hashing;
     * Thaler and Ravishankar, 1996). Members are told apart by their {@code hashCode}.
     *
     * @param keyHash gives the hash of the key of a request; called on the requesting thread, once per request. When it
     *     throws, the declared order is used, and {@link GroupStats#rankingFailures()} counts it
     * @param <E> the type of endpoints
     * @return the policy
     */
    public static <E> Routing<E> byKey(LongSupplier keyHash) {
        return new Routing<>(Policy.BY_KEY, null, Objects.requireNonNull(keyHash, "keyHash"), null);
    }

    /**
     * Prefers members as a function says.
     *
     * @param ranking the function
     * @param <E> the type of endpoints
     * @return the policy
     */
    public static <E> Routing<E> custom(Ranking<E> ranking) {
        return new Routing<>(Policy.CUSTOM, null, null, Objects.requireNonNull(ranking, "ranking"));
    }

    /**
     * Divides the members into tiers, such as regions. The policy ranks the members within each tier. A request asks a tier
     * only when no member of the tiers before it can serve it or open a connection for it, or when {@code spillAfter} has
     * passed. The tiers are read when the group is created and when its members change.
     *
     * <p>The compiler takes the type of the endpoints from where the policy is used, if this method is the last one called:
     * {@code pool.group("readers", Routing.leastLoaded().spillAfter(time).tier(name -> ...), "r1", "r2")}.
     *
     * @param newTier the tier of each member; lower numbers come first
     * @param <F> the type of endpoints that the function takes
     * @return the policy with tiers
     */
    @SuppressWarnings(
            "unchecked") // a ranking of E ranks endpoints that are F too; what it returns is looked up among them
    public <F extends E> Routing<F> tier(ToIntFunction<? super F> newTier) {
        Objects.requireNonNull(newTier, "tier");
        return new Routing<F>(policy, weight, keyHash, (Ranking<F>) ranking, newTier, spillAfter, hedgeAfter);
    }

    /**
     * Sets how long a request waits for the connection attempt at one member before the next member starts one in its
     * place. The first attempt goes on, and its connection joins the pool. Without this setting, a request moves on only
     * when the member is full, paused or has failed.
     *
     * @param time the time, more than zero
     * @return the policy with this setting
     * @throws IllegalArgumentException when the time is zero or negative
     */
    public Routing<E> spillAfter(Duration time) {
        Nanos.ofPositive("spillAfter", time);
        return new Routing<>(policy, weight, keyHash, ranking, tier, time, hedgeAfter);
    }

    /**
     * Sets how long a request waits before it may have two connection attempts at a time, at two members. The first
     * connection serves the request, and the other one joins the pool.
     *
     * @param time the time, more than zero
     * @return the policy with this setting
     * @throws IllegalArgumentException when the time is zero or negative
     */
    public Routing<E> hedgeAfter(Duration time) {
        Nanos.ofPositive("hedgeAfter", time);
        return new Routing<>(policy, weight, keyHash, ranking, tier, spillAfter, time);
    }

    /**
     * Returns the kind of this policy.
     *
     * @return the kind
     */
    public Policy policy() {
        return policy;
    }

    /**
     * Returns the function of the weights.
     *
     * @return the function, or empty unless the policy is {@link Policy#WEIGHTED}
     */
    public Optional<ToDoubleFunction<? super E>> weight() {
        return Optional.ofNullable(weight);
    }

    /**
     * Returns what gives the hash of a request's key.
     *
     * @return the supplier, or empty unless the policy is {@link Policy#BY_KEY}
     */
    public Optional<LongSupplier> keyHash() {
        return Optional.ofNullable(keyHash);
    }

    /**
     * Returns the ranking of the user.
     *
     * @return the ranking, or empty unless the policy is {@link Policy#CUSTOM}
     */
    public Optional<Ranking<E>> ranking() {
        return Optional.ofNullable(ranking);
    }

    /**
     * Returns the function of the tiers.
     *
     * @return the function, or empty when all members are in one tier
     */
    public Optional<ToIntFunction<? super E>> tier() {
        return Optional.ofNullable(tier);
    }

    /**
     * Returns how long a request waits for one connection attempt before the next member starts one.
     *
     * @return the time, or empty when the setting is off
     */
    public Optional<Duration> spillAfter() {
        return Optional.ofNullable(spillAfter);
    }

    /**
     * Returns how long a request waits before it may have two connection attempts at a time.
     *
     * @return the time, or empty when the setting is off
     */
    public Optional<Duration> hedgeAfter() {
        return Optional.ofNullable(hedgeAfter);
    }

    /** Returns the policy and its settings, for logs. */
    @Override
    public String toString() {
        return policy
                + (tier == null ? "" : ", tiers")
                + text(", spillAfter ", spillAfter)
                + text(", hedgeAfter ", hedgeAfter);
    }

    private static String text(String name, @Nullable Duration time) {
        return time == null ? "" : name + Nanos.text(time);
    }
}
