package io.genericpool.spring;

import io.genericpool.EndpointGroup;
import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.jdbc.JdbcDataSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;

/** What Spring Boot tells of a {@code DataSource} that is a pool. It reads counters and takes no lease. */
final class JdbcPoolMetadata implements DataSourcePoolMetadata {
    private final JdbcDataSource source;
    /** The limits of an endpoint while it is not in use. */
    private final Function<String, EndpointLimits> configured;

    JdbcPoolMetadata(JdbcDataSource source, Function<String, EndpointLimits> configured) {
        this.source = source;
        this.configured = configured;
    }

    /** Of one database, or of all members of a group together. */
    private int sum(ToIntFunction<EndpointStats> inUse, ToIntFunction<EndpointLimits> otherwise) {
        return endpoints().stream()
                .mapToInt(endpoint -> source.pool()
                        .stats(endpoint)
                        .map(inUse::applyAsInt)
                        .orElseGet(() -> otherwise.applyAsInt(configured.apply(endpoint))))
                .sum();
    }

    private List<String> endpoints() {
        try {
            return source.group().map(EndpointGroup::members).orElseGet(() -> List.of(source.endpoint()));
        } catch (IllegalStateException e) {
            return List.of(); // the group is closed
        }
    }

    @Override
    public Float getUsage() {
        return (float) getActive() / Math.max(1, getMax());
    }

    @Override
    public Integer getActive() {
        return sum(EndpointStats::leased, limits -> 0);
    }

    @Override
    public Integer getIdle() {
        return sum(EndpointStats::idle, limits -> 0);
    }

    @Override
    public Integer getMax() {
        return sum(EndpointStats::effectiveMaxSize, EndpointLimits::maxSize);
    }

    @Override
    public Integer getMin() {
        return sum(stats -> stats.limits().minIdle(), EndpointLimits::minIdle);
    }

    /** Null: the pool asks the driver whether a connection is valid. */
    @Override
    public @Nullable String getValidationQuery() {
        return null;
    }

    @Override
    public @Nullable Boolean getDefaultAutoCommit() {
        return null;
    }
}
