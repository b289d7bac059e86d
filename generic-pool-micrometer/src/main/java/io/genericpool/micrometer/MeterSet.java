package io.genericpool.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The meters that one binder has in one registry. They read from a source of snapshots. */
final class MeterSet<T> {
    final MeterRegistry registry;
    final Tags tags;
    final Supplier<T> source;

    private final List<Meter> meters = new CopyOnWriteArrayList<>();

    MeterSet(MeterRegistry registry, Tags tags, Supplier<T> source) {
        this.registry = registry;
        this.tags = tags;
        this.source = source;
    }

    void gauge(
            String name, @Nullable String unit, String description, ToDoubleFunction<? super T> value, String... more) {
        // Strong, and this keeps the counters' source as well: Micrometer holds it weakly.
        meters.add(Gauge.builder(name, source, snapshot -> value.applyAsDouble(snapshot.get()))
                .baseUnit(unit)
                .description(description)
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry));
    }

    void timeGauge(String name, String description, Function<? super T, Duration> value) {
        ToDoubleFunction<Supplier<T>> seconds = snapshot -> seconds(value.apply(snapshot.get()));
        meters.add(TimeGauge.builder(name, source, TimeUnit.SECONDS, seconds)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }

    void counter(
            String name, @Nullable String unit, String description, ToDoubleFunction<? super T> value, String... more) {
        // A grant that its requester never saw is taken back, and a count that falls would be taken for a restart.
        var highest = new DoubleAccumulator(Math::max, 0);
        ToDoubleFunction<Supplier<T>> rising = snapshot -> {
            highest.accumulate(value.applyAsDouble(snapshot.get()));
            return highest.get();
        };
        meters.add(FunctionCounter.builder(name, source, rising)
                .baseUnit(unit)
                .description(description)
                .tags(tags.and(more))
                .register(registry));
    }

    void functionTimer(
            String name, String description, ToLongFunction<? super T> count, Function<? super T, Duration> total) {
        meters.add(FunctionTimer.builder(
                        name,
                        source,
                        snapshot -> count.applyAsLong(snapshot.get()),
                        snapshot -> seconds(total.apply(snapshot.get())),
                        TimeUnit.SECONDS)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    Timer timer(String name, String description, String... more) {
        Timer timer = Timer.builder(name)
                .description(description)
                .tags(tags.and(more))
                .register(registry);
        meters.add(timer);
        return timer;
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    void remove() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
