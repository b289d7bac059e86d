package io.genericpool.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;

/**
 * Counters whose rows come and go, as the gauges of a {@code MultiGauge} do. A row stays as long as it is wanted; free places
 * go to the first that want one. Used by one thread at a time.
 *
 * @param <K> what a row is known by
 */
final class CounterRows<K> {
    private final MeterSet<PoolReading> meters;
    private final String name;
    private final String description;
    private final int max;
    private final Function<? super K, Tags> tags;
    private final ToDoubleBiFunction<PoolReading, K> value;
    private final Map<K, Meter> present = new HashMap<>();

    /**
     * Makes counters without rows.
     *
     * @param value not a number where the reading does not have the row
     */
    CounterRows(
            MeterSet<PoolReading> meters,
            String name,
            String description,
            int max,
            Function<? super K, Tags> tags,
            ToDoubleBiFunction<PoolReading, K> value) {
        this.meters = meters;
        this.name = name;
        this.description = description;
        this.max = max;
        this.tags = tags;
        this.value = value;
    }

    void show(Set<K> wanted) {
        if (present.keySet().equals(wanted)) {
            return;
        }
        var gone = new HashSet<>(present.keySet());
        gone.removeAll(wanted);
        gone.forEach(this::remove);
        for (K key : wanted) {
            if (present.size() < max) {
                present.computeIfAbsent(key, this::registered);
            }
        }
    }

    private void remove(K key) {
        Meter meter = present.remove(key);
        if (meter != null) {
            meters.registry.remove(meter);
        }
    }

    private Meter registered(K key) {
        return FunctionCounter.builder(
                        name, meters.source, (Supplier<PoolReading> source) -> value.applyAsDouble(source.get(), key))
                .description(description)
                .tags(meters.tags.and(tags.apply(key)))
                .register(meters.registry);
    }
}
