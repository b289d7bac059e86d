package io.genericpool.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Set;

/** The tags that tell the meters of one pool from those of another. */
final class PoolTags {
    private static final Set<String> RESERVED = Set.of(
            "pool",
            "state",
            "outcome",
            "reason",
            GroupMeters.MEMBER,
            GroupMeters.GROUP,
            "direction",
            "code",
            OpenTelemetryMeters.POOL,
            OpenTelemetryMeters.STATE);

    private PoolTags() {}

    static Tags of(String poolName, Tags more) {
        return more.and("pool", poolName);
    }

    static Tag checked(Tag tag) {
        if (tag.getKey().isBlank()) {
            throw new IllegalArgumentException("the key of a tag must not be blank");
        }
        if (tag.getValue().isBlank()) {
            throw new IllegalArgumentException(
                    "the value of tag " + tag.getKey() + " must not be blank: some registries drop the tag then");
        }
        if (RESERVED.contains(tag.getKey())) {
            throw new IllegalArgumentException(
                    "tag " + tag.getKey() + " is one of the meters' own, choose another key");
        }
        return tag;
    }

    /**
     * Fails when the registry is closed, or when it holds meters with that prefix that these tags do not tell apart. Two
     * pools differ when both have a tag of one key and its values differ: a tag that only one of them has is not enough,
     * because registries such as Prometheus want the same keys on all meters of a name.
     */
    static void requireFree(MeterRegistry registry, String prefix, Tags tags, String pool) {
        if (registry.isClosed()) {
            throw new IllegalStateException(
                    "meters of pool " + pool + " cannot be bound: the registry is closed; bind before it closes");
        }
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith(prefix) && !differs(id, tags)) {
                throw new IllegalStateException("pool " + pool
                        + " is bound to this registry already, or another pool of this name is: give each pool a name"
                        + " of its own (ConnectionPoolBuilder.name), or give the metrics of both pools a tag (tag) with"
                        + " different values");
            }
        }
    }

    private static boolean differs(Meter.Id id, Tags tags) {
        return tags.stream().anyMatch(tag -> {
            String there = id.getTag(tag.getKey());
            return there != null && !there.equals(tag.getValue());
        });
    }
}
