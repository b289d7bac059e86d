package io.genericpool.spring;

import io.genericpool.EndpointLimits;
import io.genericpool.EndpointStats;
import io.genericpool.jdbc.JdbcDataSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;

/** What Spring Boot tells of a {@code DataSource} that is a pool. It reads counters and takes no lease. */
final class JdbcPoolMetadata implements DataSourcePoolMetadata {
    private final JdbcDataSource source;
    /** Its limits while it is not in use. */
    private final EndpointLimits configured;

    JdbcPoolMetadata(JdbcDataSource source, EndpointLimits configured) {
        this.source = source;
        this.configured = configured;
    }

    private Optional<EndpointStats> stats() {
        return source.pool().stats(source.endpoint());
    }

    @Override
    public Float getUsage() {
        return (float) getActive() / getMax();
    }

    @Override
    public Integer getActive() {
        return stats().map(EndpointStats::leased).orElse(0);
    }

    @Override
    public Integer getIdle() {
        return stats().map(EndpointStats::idle).orElse(0);
    }

    @Override
    public Integer getMax() {
        return stats().map(EndpointStats::effectiveMaxSize).orElse(configured.maxSize());
    }

    @Override
    public Integer getMin() {
        return stats().map(stats -> stats.limits().minIdle()).orElse(configured.minIdle());
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
