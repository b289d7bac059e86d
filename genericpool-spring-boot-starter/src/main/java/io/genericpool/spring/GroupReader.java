package io.genericpool.spring;

import io.genericpool.group.Routing;
import io.genericpool.spring.GenericPoolProperties.Group;
import io.genericpool.spring.GenericPoolProperties.Policy;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.springframework.core.env.Environment;

/**
 * Reads the members and the routing of one group of the properties. Each error names the property.
 *
 * @param <E> the type of endpoints
 */
final class GroupReader<E> {
    private final Group group;
    private final Knobs knobs;
    private final MemberReader<E> reader;
    private final Set<E> members = new LinkedHashSet<>();

    /** Makes an endpoint of what the properties call a member. Its text goes to errors, so it must hold no secret. */
    @FunctionalInterface
    interface MemberReader<E> {
        /** The property is for errors. */
        E read(String property, String member);
    }

    /** Checks the members; the prefix is that of the group's properties. */
    GroupReader(String prefix, Group group, Environment environment, MemberReader<E> reader) {
        this.group = group;
        this.knobs = new Knobs(prefix, environment);
        this.reader = reader;
        String property = knobs.property("members");
        if (group.members().isEmpty()) {
            throw new InvalidPropertyException(
                    property, null, "a group needs at least one member", "Write the members as '" + property + "'.");
        }
        for (int i = 0; i < group.members().size(); i++) {
            String place = property + "[" + i + "]";
            E member = reader.read(place, group.members().get(i));
            if (!members.add(member)) {
                throw new InvalidPropertyException(
                        place, String.valueOf(member), "the group has this member already", "Write each member once.");
            }
        }
    }

    List<E> members() {
        return List.copyOf(members);
    }

    Routing<E> routing() {
        var routing = new AtomicReference<>(policy());
        Map<E, Integer> tiers = ofMembers("tiers", group.tiers());
        if (!tiers.isEmpty()) {
            routing.set(routing.get().tier(member -> tiers.getOrDefault(member, 0)));
        }
        knobs.set(
                "spillAfter",
                group.spillAfter(),
                time -> routing.set(routing.get().spillAfter(time)));
        knobs.set(
                "hedgeAfter",
                group.hedgeAfter(),
                time -> routing.set(routing.get().hedgeAfter(time)));
        return routing.get();
    }

    private Routing<E> policy() {
        Map<E, Double> weights = ofMembers("weights", group.weights());
        if (group.policy() != Policy.WEIGHTED && !weights.isEmpty()) {
            throw new InvalidPropertyException(
                    knobs.property("policy"),
                    text(group.policy()),
                    "this policy uses no weights, but '" + knobs.property("weights") + "' is set",
                    "Write 'weighted', or leave the weights out.");
        }
        return switch (group.policy()) {
            case IN_ORDER -> Routing.inOrder();
            case ROUND_ROBIN -> Routing.roundRobin();
            case LEAST_LOADED -> Routing.leastLoaded();
            case WEIGHTED -> {
                weights.forEach(this::checkWeight);
                yield Routing.weighted(member -> weights.getOrDefault(member, 1.0));
            }
        };
    }

    private static String text(Policy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is set by member. */
    private <V> Map<E, V> ofMembers(String knob, Map<String, V> values) {
        var found = new HashMap<E, V>();
        values.forEach((text, value) -> {
            E member = reader.read(knobs.property(knob), text);
            if (!members.contains(member)) {
                throw new InvalidPropertyException(
                        knobs.property(knob),
                        String.valueOf(member),
                        "it is no member of the group",
                        "Write one of " + members.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                + ".");
            }
            found.put(member, value);
        });
        return found;
    }

    private void checkWeight(E member, double weight) {
        if (!(weight > 0 && weight <= Double.MAX_VALUE)) {
            throw new InvalidPropertyException(
                    knobs.property("weights"),
                    String.valueOf(weight),
                    "the weight of " + member + " must be more than 0 and finite, but is " + weight,
                    "Write a number above 0, such as 1.");
        }
    }
}
