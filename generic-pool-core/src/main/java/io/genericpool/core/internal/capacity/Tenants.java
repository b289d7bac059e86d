package io.genericpool.core.internal.capacity;

import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tenants that have endpoints in the pool. The user's function is called here, without a lock. */
public final class Tenants<E, C> {
    private final @Nullable Function<? super E, ?> tenantOf;
    private final Function<E, String> label;
    private final Tenant<E, C> only = new Tenant<>(null);
    private final ConcurrentHashMap<Object, Tenant<E, C>> byKey = new ConcurrentHashMap<>();

    public Tenants(@Nullable Function<? super E, ?> tenantOf, Function<E, String> label) {
        this.tenantOf = tenantOf;
        this.label = label;
    }

    /** The tenant of an endpoint that is about to join; {@link #leave} ends that. */
    public Tenant<E, C> join(E endpoint) {
        if (tenantOf == null) {
            return only;
        }
        Object key = tenantOf.apply(endpoint);
        if (key == null) {
            throw new IllegalArgumentException("tenant must not be null, but is null for the endpoint "
                    + label.apply(endpoint) + "; return one key for all endpoints that belong to no other tenant");
        }
        return Objects.requireNonNull(byKey.compute(key, (k, present) -> {
            Tenant<E, C> tenant = present == null ? new Tenant<>(k) : present;
            tenant.endpoints++;
            return tenant;
        }));
    }

    public void leave(Tenant<E, C> tenant) {
        if (tenant.key != null) {
            byKey.computeIfPresent(tenant.key, (k, present) -> --present.endpoints == 0 ? null : present);
        }
    }

    /** Those that have endpoints; none without the knob, where nothing is compared. */
    public Collection<Tenant<E, C>> all() {
        return byKey.values();
    }

    public int size() {
        return byKey.size();
    }
}
