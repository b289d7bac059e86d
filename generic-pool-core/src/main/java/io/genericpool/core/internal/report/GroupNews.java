package io.genericpool.core.internal.report;

import io.genericpool.core.internal.config.PoolSettings;
import io.genericpool.event.GroupEvent;
import org.jspecify.annotations.Nullable;

/** What a listener is told of a request of a group. */
final class GroupNews<E> extends PoolNews<E> implements GroupEvent<E> {
    private final String group;
    private final Kind kind;

    GroupNews(PoolSettings<E> settings, String group, Kind kind, E endpoint, long nanos, @Nullable Throwable failure) {
        super(settings, endpoint, nanos, failure);
        this.group = group;
        this.kind = kind;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    String subject() {
        return kind + " of group " + group + " at";
    }
}
